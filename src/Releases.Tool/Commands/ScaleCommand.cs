using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>scale</c>: how many processes each service has.</summary>
internal static class ScaleCommand
{
    /// <summary>As many as a manifest may state.</summary>
    private const int Most = 1000;

    public static Command Create(ToolHost host)
    {
        var service = new Argument<string?>("service") { Arity = ArgumentArity.ZeroOrOne, Description = "The service; without one, all are listed" };
        var count = new Argument<int?>("count") { Arity = ArgumentArity.ZeroOrOne, Description = "How many processes, through promotions and rollbacks" };
        var reset = new Option<bool>("--reset") { Description = "Go back to what convox.yml says" };
        var command = new Command("scale", "Show or change how many processes a service has") { service, count, reset };
        return command
            .Example("dotnet convox scale", "how many there are")
            .Example("dotnet convox scale web 3")
            .Example("dotnet convox scale web --reset", "as many as convox.yml says")
            .SetHandler(host, (call, cancel) =>
        {
            Require(call.Value(service), call.Value(count), call.Value(reset));
            return call.Value(service) is { } name ? Change(call, ServiceName.Parse(name), call.Value(count), cancel) : List(call, cancel);
        });
    }

    private static void Require(string? service, int? count, bool reset)
    {
        if (count is < 0 or > Most) throw Wrong($"A count is a number from 0 to {Most}, and {count} is none.");
        if (service is null ? reset : count is null != reset) throw Wrong("Say either a count or --reset.");
    }

    private static ProblemException Wrong(string message) =>
        new Problem(ProblemCode.Usage, message, "Say for example: dotnet convox scale web 3", ProblemKind.Usage).ToException();

    private static async Task Change(Invocation call, ServiceName service, int? count, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var services = await Manifest(rack, app, cancel);
        if (services.All(s => s.Name != service))
            throw new Problem(
                ProblemCode.NotFound, services.Count == 0 ? $"{app.Name} has no services yet." : $"{app.Name} has no service '{service}'; it has: {string.Join(", ", services.Select(s => s.Name))}.",
                services.Count == 0 ? "Make some: dotnet convox build" : NearestName.Hint(service.ToString(), services.Select(s => s.Name.ToString()), "See the counts with: dotnet convox scale")).ToException();
        await Begin.RequireNoPromotion(call, rack, app, new(), cancel);
        var made = services.Single(s => s.Name == service);
        var before = (App: app, Count: CountOf(await Counts(call, rack, app, cancel), app, made));
        app = await Record(call, rack, app, service, count, cancel);
        await Apply(call, rack, before.App, made, app.CountOf(made), cancel);
        var now = CountOf(await Counts(call, rack, app, cancel), app, made);
        call.Terminal.Say(
            $"{service}: {(before.Count == now ? $"{now} as before" : $"{before.Count} → {now}")}{(app.Active is null ? "; it counts when a release is promoted" : "")}"
            + (now == app.CountOf(made) ? "" : count is null ? "; convox.yml states no count, so it keeps its own" : $"; {app.CountOf(made)} were asked for"));
        await List(call, cancel);
    }

    private static async Task<App> Record(Invocation call, Rack rack, App app, ServiceName service, int? count, CancellationToken cancel) => await rack.Store.ChangeApp(
        app.Name, a => a.Scaled(service, count),
        new() { At = call.Now, Kind = EventKind.Scaled, By = await call.By(rack, cancel), Detail = $"{service} {count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "as in convox.yml"}" }, cancel);

    /// <summary>What could not be applied is not left in the records, where the next promotion would find it.</summary>
    private static async Task Apply(Invocation call, Rack rack, App before, Service made, int asked, CancellationToken cancel)
    {
        try
        {
            await rack.ApplyScale(before.Name, cancel);
        }
        catch (ProblemException refused)
        {
            if (FollowErrors.MayHaveArrived(refused) && await IsScaled(rack, before.Name, made, asked, refused, cancel)) return;
            int? was = before.Scale.TryGetValue(made.Name, out var stated) ? stated : null;
            var problem = refused.Problems[0];
            try
            {
                await Record(call, rack, before, made.Name, was, cancel);
            }
            catch (ProblemException unwritten)
            {
                throw (problem with { Message = $"{made.Name} wasn't scaled: {FollowErrors.Cause(refused)}. The count that was asked for is recorded all the same, and counts at the next promotion: {FollowErrors.Cause(unwritten)}." }).ToException(refused);
            }

            throw (problem with { Message = $"{made.Name} wasn't scaled, and its count is recorded as it was: {FollowErrors.Cause(refused)}." }).ToException(refused);
        }
    }

    /// <summary>Whether it took effect although its answer was lost, as far as that can be read.</summary>
    private static async Task<bool> IsScaled(Rack rack, AppName app, Service made, int asked, ProblemException lost, CancellationToken cancel)
    {
        try
        {
            return await rack.DesiredCounts(app, cancel) is { } counts && counts.GetValueOrDefault(made.Name, -1) == asked;
        }
        catch (ProblemException)
        {
            throw (lost.Problems[0] with { Message = $"Whether {made.Name} was scaled isn't known: {FollowErrors.Cause(lost)}. {asked} are recorded, and count at the next promotion." }).ToException(lost);
        }
    }

    /// <summary>The counts of the running services; null if nothing is active, if the records decide, or if they can't be read, which is reported.</summary>
    private static async Task<IReadOnlyDictionary<ServiceName, int>?> Counts(Invocation call, Rack rack, App app, CancellationToken cancel)
    {
        try
        {
            return app.Active is null ? null : await rack.DesiredCounts(app.Name, cancel);
        }
        catch (ProblemException unseen)
        {
            call.Terminal.Say($"note: what runs can't be looked at, so these counts are the recorded ones: {unseen.Problems[0].Message}");
            return null;
        }
    }

    private static int CountOf(IReadOnlyDictionary<ServiceName, int>? counts, App app, Service service) => counts?.GetValueOrDefault(service.Name, app.CountOf(service)) ?? app.CountOf(service);

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var counts = await Counts(call, rack, app, cancel);
        ScaleView[] views = [.. (await Manifest(rack, app, cancel)).Select(s => new ScaleView(s.Name.ToString(), CountOf(counts, app, s), s.Scale.Count, app.Scale.ContainsKey(s.Name)))];
        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, views, OutputJson.Indented.IReadOnlyListScaleView);
            return;
        }

        if (views.Length == 0) call.Terminal.Say($"{app.Name} has no services yet; make some: dotnet convox build");
        var table = new Table("SERVICE", "COUNT", "CONVOX.YML");
        foreach (var view in views) table.Add(view.Service, new Cell($"{view.Count}", view.Overridden ? TextStyle.Busy : TextStyle.Plain), $"{view.Default}");
        if (views.Length > 0) table.Write(call.Terminal);
    }

    /// <summary>The services of what is active, else of the latest release.</summary>
    private static async Task<IReadOnlyList<Service>> Manifest(Rack rack, App app, CancellationToken cancel) =>
        (app.Active ?? app.Latest) is { } id && await rack.Store.FindRelease(app.Name, id, cancel) is { Manifest: { } manifest }
            ? ManifestReader.Read(await rack.Store.ReadManifest(manifest, cancel), ManifestReader.FileName).Require().Services
            : [];
}
