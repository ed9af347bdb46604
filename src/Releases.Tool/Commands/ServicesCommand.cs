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
        (AppState State, ServiceView View)[] services =
            [.. live.Services.Select(s => Listed(s, live)), .. await Absent(rack, app, live, cancel)];

        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, [.. services.Select(s => s.View)], OutputJson.Indented.IReadOnlyListServiceView);
            return;
        }

        if (services.Length > 0) await Print(call, rack, app, services);
        else if (!live.IsStopped)
            call.Say(
                $"{app.Name} has no running services: no release has been promoted yet.",
                await PromotionOffer.OfLatest(rack.Store, app, "Promote one", cancel));
        await Drift.Print(call, rack, live);
    }

    private static async Task Print(Invocation call, Rack rack, App app, (AppState State, ServiceView View)[] services)
    {
        var table = new Table("SERVICE", "STATUS", "HEALTHY", "RELEASE", "DIRECT URL", "URL");
        foreach (var (state, service) in services)
            table.Add(
                service.Service, state.ToCell(), $"{service.Healthy}/{service.Desired}",
                service.Release, service.DirectUrl, service.Url);
        table.Write(call.Terminal, WhereTooWide.Label);
        foreach (var service in services.Select(s => s.View).Where(s => s.CandidateUrl is not null))
        {
            var release = await ReleaseLabel.Read(rack.Store, app.Name, ReleaseId.Parse(service.CandidateRelease!));
            call.Terminal.Say(
                $"Try {service.Service} of {release}: {service.CandidateUrl} or its usual address with the header "
                    + $"X-Convox-Release: {service.CandidateRelease}");
        }
    }

    private static (AppState State, ServiceView View) Listed(RunningService service, LiveStatus live)
    {
        var state = live.StateOf(service);
        return (state, new(
            service.Service.ToString(), StatusText.Code(state), service.Url, service.DirectUrl, service.Desired, service.Running,
            service.Healthy,
            service.Release?.ToString(), service.Problem, service.Candidate?.Release.ToString(), service.Candidate?.Url));
    }

    /// <summary>Returns the services of the active release that the rack doesn't have: all of them if the app is stopped.</summary>
    private static async Task<IEnumerable<(AppState State, ServiceView View)>> Absent(
        Rack rack, App app, LiveStatus live, CancellationToken cancel)
    {
        var state = live.IsRackStopped ? AppState.Stopped : AppState.Drifted;
        List<ServiceName> absent =
            [.. live.IsRackStopped ? live.Active?.Services.Keys.Order() ?? Enumerable.Empty<ServiceName>() : live.Missing];
        var manifest = absent.Count > 0 && live.Active is { } active ? await rack.Store.FindManifest(active, cancel) : null;
        return absent.Select(name => (state, new ServiceView(
            name.ToString(), StatusText.Code(state), null, null,
            manifest?.Services.FirstOrDefault(s => s.Name == name) is { } service ? app.CountOf(service) : 0, 0, 0, null, null)));
    }
}
