using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The services of an app and their processes: where they answer and how many there are.</summary>
internal static class ServicesPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var live = await LiveStatus.Read(app, request.Rack, request.Cancel);
        var counts = await new ServiceCounts(request.Operations()).Read(app, request.Cancel);
        var view = new ServicesView(live, await request.Rack.Running.Processes(app.Name, request.Cancel), counts)
        { Trends = await ServiceTrends.Read(request, app.Name) };
        return new Page("Services", new AspNetCoreGeneratedDocument.Console_Pages_Services { Model = view, Request = request })
        { AppStatus = live.AppStatus, Tab = "services" };
    }
}

/// <summary>The live status of an app, next to its record.</summary>
/// <param name="LiveStatus">The services.</param>
/// <param name="Processes">Their processes.</param>
/// <param name="Counts">How many processes they are to have.</param>
internal sealed record ServicesView(LiveStatus LiveStatus, IReadOnlyList<RunningProcess> Processes, IReadOnlyList<ServiceCount> Counts)
{
    /// <summary>What they served and used in the last hour; null: that isn't known.</summary>
    public ServiceTrends? Trends { get; init; }

    /// <summary>Processes of a service that run another release than its counts are about.</summary>
    public IReadOnlyList<(ReleaseId? Release, int Count)> Others(RunningService service) =>
        [.. Processes.Where(p => p.Service == service.Service && p.Release != service.Release).GroupBy(p => p.Release)
            .Select(p => (p.Key, p.Count()))];

    /// <summary>How many processes a service is to have; null: its manifest isn't known.</summary>
    public ServiceCount? CountOf(ServiceName service) => Counts.FirstOrDefault(c => c.Service.Name == service);
}
