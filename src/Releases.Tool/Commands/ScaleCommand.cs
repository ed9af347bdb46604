using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>scale</c>: shows or sets the number of processes of each service.</summary>
internal static class ScaleCommand
{

    public static Command Create(ToolHost host)
    {
        var service = new Argument<string?>("service") { Arity = ArgumentArity.ZeroOrOne, Description = "Service; without one, list all" };
        var count = new Argument<int?>("count")
        { Arity = ArgumentArity.ZeroOrOne, Description = "Number of processes; kept by promotions and rollbacks" };
        var reset = new Option<bool>("--reset") { Description = "Use the count of convox.yml again" };
        var command = new Command("scale", "Show or change the number of processes") { service, count, reset };
        return command
            .Example("dotnet convox scale", "show the counts")
            .Example("dotnet convox scale web 3")
            .Example("dotnet convox scale web --reset", "use the count of convox.yml again")
            .SetHandler(host, (call, cancel) =>
        {
            Require(call.Value(service), call.Value(count), call.Value(reset));
            return call.Value(service) is { } name ? Change(call, ServiceName.Parse(name), call.Value(count), cancel) : List(call, cancel);
        });
    }

    private static void Require(string? service, int? count, bool reset)
    {
        if (count is < 0 or > ScaleService.MaxCount) throw Wrong($"the count must be from 0 to {ScaleService.MaxCount}, not {count}.");
        if (service is null ? reset : count is null != reset) throw Wrong("pass either a count or --reset.");
    }

    private static ProblemException Wrong(string message) =>
        new Problem(ProblemCode.Usage, message, Remedy.Do(Operation.Scale, "For example", "web", "3"), ProblemKind.Usage).ToException();

    private static async Task Change(Invocation call, ServiceName service, int? count, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var scaled = await new ScaleService(call.Operations(rack)).Run(new(app, service, count), cancel);
        call.Terminal.Say($"{service}: {Change(scaled)}{Explanation(scaled, isReset: count is null, rack)}");
        await List(call, cancel);
    }

    private static string Change(ScaledService scaled) =>
        scaled.Before == scaled.Now ? $"still {scaled.Now}" : $"{scaled.Before} → {scaled.Now}";

    private static string Explanation(ScaledService scaled, bool isReset, Rack rack) =>
        (scaled.App.Active is null ? "; applies when a release is promoted"
            : rack.Daemon is { IsAlive: false } ? "; applies when the rack starts" : "")
        + (scaled.Now == scaled.Asked ? ""
            : isReset ? "; convox.yml states no count, so the service keeps its own"
            : $"; asked for {scaled.Asked}");

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var counts = await new ServiceCounts(call.Operations(rack)).Read(app, cancel);
        if (call.Json)
        {
            IReadOnlyList<ScaleView> views = [.. counts.Select(c =>
                new ScaleView(c.Service.Name.ToString(), c.Count, c.Service.Scale.Count, c.IsOverridden))];
            OutputJson.Write(call.Terminal.Out, views, OutputJson.Indented.IReadOnlyListScaleView);
            return;
        }

        if (counts.Count == 0) call.Say($"{app.Name} has no services yet.", Remedy.Do(Operation.Build, "Build it"));
        else Print(call, counts);
    }

    private static void Print(Invocation call, IReadOnlyList<ServiceCount> counts)
    {
        var table = new Table("SERVICE", "COUNT", "CONVOX.YML");
        foreach (var count in counts)
            table.Add(
                count.Service.Name.ToString(), new Cell($"{count.Count}", count.IsOverridden ? TextStyle.Busy : TextStyle.Plain),
                $"{count.Service.Scale.Count}");
        table.Write(call.Terminal);
    }
}
