using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>services</c>: lists an app's services with their addresses and process counts.</summary>
internal static class ServicesCommand
{
    public static Command Create(ToolHost host) =>
        new Command("services", "List services with their addresses and counts").Example("dotnet convox services").SetHandler(host, List);

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var live = await LiveStatus.Read(app, rack, cancel);
        ServiceView[] services = [.. live.Services.Select(s => View(s, live)), .. await Absent(rack, app, live, cancel)];

        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, services, OutputJson.Indented.IReadOnlyListServiceView);
            return;
        }

        if (services.Length > 0) await Print(call, rack, app, services);
        else if (!live.IsStopped)
            call.Say(
                $"{app.Name} has no running services: no release has been promoted yet.",
                await PromotionOffer.OfLatest(rack.Store, app, "Promote one", cancel));
        await Drift.Print(call, rack, live);
    }

    private static async Task Print(Invocation call, Rack rack, App app, ServiceView[] services)
    {
        var table = new Table("SERVICE", "STATUS", "HEALTHY", "RELEASE", "DIRECT URL", "URL");
        foreach (var service in services)
            table.Add(
                service.Service, new Cell(service.Status, LiveStatus.StyleOf(service.Status)), $"{service.Healthy}/{service.Desired}",
                service.Release, service.DirectUrl, service.Url);
        table.Write(call.Terminal, WhereTooWide.Label);
        foreach (var service in services.Where(s => s.CandidateUrl is not null))
        {
            var release = await ReleaseLabel.Read(rack.Store, app.Name, ReleaseId.Parse(service.CandidateRelease!));
            call.Terminal.Say(
                $"Try {service.Service} of {release}: {service.CandidateUrl} or its usual address with the header "
                    + $"X-Convox-Release: {service.CandidateRelease}");
        }
    }

    private static ServiceView View(RunningService service, LiveStatus live) => new(
        service.Service.ToString(), live.StatusOf(service), service.Url, service.DirectUrl, service.Desired, service.Running,
        service.Healthy,
        service.Release?.ToString(), service.Problem, service.Candidate?.Release.ToString(), service.Candidate?.Url);

    /// <summary>Returns the services of the active release that the rack doesn't have: all of them if the app is stopped.</summary>
    private static async Task<IEnumerable<ServiceView>> Absent(Rack rack, App app, LiveStatus live, CancellationToken cancel)
    {
        var isStopped = live.IsRackStopped;
        List<ServiceName> absent = [.. isStopped ? live.Active?.Services.Keys.Order() ?? Enumerable.Empty<ServiceName>() : live.Missing];
        var manifest = absent.Count > 0 && live.Active is { } active ? await rack.Store.FindManifest(active, cancel) : null;
        return absent.Select(name => new ServiceView(
            name.ToString(), isStopped ? "stopped" : "drifted", null, null,
            manifest?.Services.FirstOrDefault(s => s.Name == name) is { } service ? app.CountOf(service) : 0, 0, 0, null, null));
    }
}
