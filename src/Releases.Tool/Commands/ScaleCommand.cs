using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>scale</c>: how many processes each service has.</summary>
internal static class ScaleCommand
{
    /// <summary>As many as a manifest may state.</summary>
    private const int Most = 1000;

    public static Command Create(Surroundings outside)
    {
        var service = new Argument<string?>("service") { Arity = ArgumentArity.ZeroOrOne, Description = "The service; without one, all are listed" };
        var count = new Argument<int?>("count") { Arity = ArgumentArity.ZeroOrOne, Description = "How many processes, through promotions and rollbacks" };
        var reset = new Option<bool>("--reset") { Description = "Go back to what convox.yml says" };
        var command = new Command("scale", "Show or change how many processes a service has") { service, count, reset };
        return command
            .Example("dotnet convox scale", "how many there are")
            .Example("dotnet convox scale web 3")
            .Example("dotnet convox scale web --reset", "as many as convox.yml says")
            .Does(outside, (call, cancel) =>
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
        var app = await rack.Store.RequireApp(call.App, cancel);
        var services = await Manifest(rack, app, cancel);
        if (services.All(s => s.Name != service))
            throw new Problem(
                ProblemCode.NotFound, services.Count == 0 ? $"{app.Name} has no services yet." : $"{app.Name} has no service '{service}'; it has: {string.Join(", ", services.Select(s => s.Name))}.",
                services.Count == 0 ? "Make some with: dotnet publish -p:ConvoxRelease=true" : NearestKey.Hint(service.ToString(), services.Select(s => s.Name.ToString()), "See the counts with: dotnet convox scale")).ToException();
        await Begin.RequireNoPromotion(call, rack, app, new(), cancel);
        var before = app;
        app = await rack.Store.ChangeApp(
            app.Name, a => a.Scaled(service, count),
            new() { At = call.Now, Kind = EventKind.Scaled, By = await call.By(rack, cancel), Detail = $"{service} {count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "as in convox.yml"}" }, cancel);
        await rack.ApplyScale(app.Name, cancel);
        var made = services.Single(s => s.Name == service);
        call.Terminal.Say($"{service}: {(before.CountOf(made) == app.CountOf(made) ? $"{app.CountOf(made)} as before" : $"{before.CountOf(made)} → {app.CountOf(made)}")}{(app.Active is null ? "; it counts when a release is promoted" : "")}");
        await List(call, cancel);
    }

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        ScaleView[] views = [.. (await Manifest(rack, app, cancel)).Select(s => new ScaleView(s.Name.ToString(), app.CountOf(s), s.Scale.Count, app.Scale.ContainsKey(s.Name)))];
        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, views, OutputJson.Indented.IReadOnlyListScaleView);
            return;
        }

        if (views.Length == 0) call.Terminal.Say($"{app.Name} has no services yet; make some with: dotnet publish -p:ConvoxRelease=true");
        var table = new Table("SERVICE", "COUNT", "CONVOX.YML");
        foreach (var view in views) table.Add(view.Service, new Cell($"{view.Count}", view.Overridden ? Tone.Busy : Tone.Plain), $"{view.Default}");
        if (views.Length > 0) table.Write(call.Terminal);
    }

    /// <summary>The services of what is active, else of the latest release.</summary>
    private static async Task<IReadOnlyList<Service>> Manifest(Rack rack, App app, CancellationToken cancel) =>
        (app.Active ?? app.Latest) is { } id && await rack.Store.FindRelease(app.Name, id, cancel) is { Manifest: { } manifest }
            ? ManifestReader.Read(await rack.Store.ReadManifest(manifest, cancel), ManifestReader.FileName).Require().Services
            : [];
}
