using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>services</c>: the addresses and counts of an app's services.</summary>
internal static class ServicesCommand
{
    public static Command Create(Surroundings outside) =>
        new Command("services", "List services with their addresses and counts").Example("dotnet convox services").Does(outside, List);

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var reality = await Reality.Of(app, rack, cancel);
        ServiceView[] services = [.. reality.Services.Select(s => View(s, reality)), .. Absent(reality)];

        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, services, OutputJson.Indented.IReadOnlyListServiceView);
            return;
        }

        if (services.Length == 0) call.Terminal.Say($"{app.Name} runs nothing: no release of it was promoted yet; promote one with: dotnet convox promote");
        else Print(call, services);
        Differences.Tell(call.Terminal, reality);
    }

    private static void Print(Invocation call, IEnumerable<ServiceView> services)
    {
        var table = new Table("SERVICE", "STATUS", "RUNNING", "RELEASE", "DIRECT URL", "URL");
        foreach (var service in services)
            table.Add(
                service.Service, new Cell(service.Status, Reality.ToneOf(service.Status)), $"{service.Running}/{service.Desired}",
                service.Release, service.DirectUrl, service.Url);
        table.Write(call.Terminal, WhereTooWide.Fold);
    }

    private static ServiceView View(RunningService service, Reality reality) => new(
        service.Service.ToString(), reality.StatusOf(service), service.Url, service.DirectUrl, service.Desired, service.Running, service.Healthy,
        service.Release?.ToString(), service.Problem);

    /// <summary>Services of the active release of which the rack knows nothing: all of them where it is stopped.</summary>
    private static IEnumerable<ServiceView> Absent(Reality reality) =>
        (reality.Services.Count == 0 ? reality.Active?.Services.Keys.Order() ?? Enumerable.Empty<ServiceName>() : reality.Missing)
        .Select(name => new ServiceView(name.ToString(), reality.Services.Count == 0 ? "stopped" : "drifted", null, null, 0, 0, 0, null, null));
}
