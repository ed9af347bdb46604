using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows the services of an app with their addresses, counts and processes.</summary>
internal static class ServicesPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var live = await LiveStatus.Read(app, request.Rack, request.Cancel);
        var counts = await new ServiceCounts(request.Operations()).Read(app, request.Cancel);
        var view = new ServicesView(live, await request.Rack.Running.Processes(app.Name, request.Cancel), counts)
        { Trends = await ServiceTrends.Read(request, app.Name, live.Services) };
        return new Page("Services", new AspNetCoreGeneratedDocument.Console_Pages_Services { Model = view, Request = request })
        { AppStatus = live.AppStatus, Tab = "services" };
    }
}

/// <summary>Represents the live status of an app's services.</summary>
/// <param name="LiveStatus">The live status.</param>
/// <param name="Processes">Their processes.</param>
/// <param name="Counts">The configured number of processes of each service.</param>
internal sealed record ServicesView(LiveStatus LiveStatus, IReadOnlyList<RunningProcess> Processes, IReadOnlyList<ServiceCount> Counts)
{
    /// <summary>Gets the trends of the last hour, or null if there are no metrics.</summary>
    public ServiceTrends? Trends { get; init; }

    /// <summary>Returns the processes of a service that run a release other than the one its counts refer to.</summary>
    public IReadOnlyList<(ReleaseId? Release, int Count)> Others(RunningService service) =>
        [.. Processes.Where(p => p.Service == service.Service && p.Release != service.Release).GroupBy(p => p.Release)
            .Select(p => (p.Key, p.Count()))];

    /// <summary>Returns the configured number of processes of a service, or null if its manifest is unknown.</summary>
    public ServiceCount? CountOf(ServiceName service) => Counts.FirstOrDefault(c => c.Service.Name == service);
}
