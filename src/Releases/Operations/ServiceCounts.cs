namespace Releases;

/// <summary>Represents the number of processes of a service.</summary>
/// <param name="Service">The service, as in its manifest.</param>
/// <param name="Count">The number of processes: as running, else as recorded.</param>
/// <param name="IsOverridden">Whether the app overrides the manifest's count.</param>
public sealed record ServiceCount(Service Service, int Count, bool IsOverridden);

/// <summary>Reads the number of processes of an app's services.</summary>
public sealed class ServiceCounts(OperationContext context)
{
    /// <summary>Returns the services of the active release, else of the latest; empty before the first release.</summary>
    public async Task<IReadOnlyList<ServiceCount>> Read(App app, CancellationToken cancel)
    {
        var running = await Running(app, cancel);
        return [.. (await Services(app, cancel)).Select(s => new ServiceCount(s, CountOf(running, app, s), app.Scale.ContainsKey(s.Name)))];
    }

    internal static int CountOf(IReadOnlyDictionary<ServiceName, int>? running, App app, Service service) =>
        running?.GetValueOrDefault(service.Name, app.CountOf(service)) ?? app.CountOf(service);

    internal async Task<IReadOnlyList<Service>> Services(App app, CancellationToken cancel) =>
        (app.Active ?? app.Latest) is { } id && await context.Store.FindRelease(app.Name, id, cancel) is { } release
            && await context.Store.FindManifest(release, cancel) is { } manifest
            ? manifest.Services
            : [];

    /// <summary>
    /// Returns the running counts. Null if nothing is active, if the records decide, or if the counts can't be read, which is reported.
    /// </summary>
    internal async Task<IReadOnlyDictionary<ServiceName, int>?> Running(App app, CancellationToken cancel)
    {
        try
        {
            return app.Active is null ? null : await context.Rack.DesiredCounts(app.Name, cancel);
        }
        catch (ProblemException unseen)
        {
            context.Say($"note: the running counts can't be read, so these are the recorded ones: {unseen.Problems[0].Message}");
            return null;
        }
    }
}
