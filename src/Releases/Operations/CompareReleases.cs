namespace Releases;

/// <summary>Represents the difference between the content of two releases. Environment values are compared but never shown.</summary>
/// <param name="From">The older release, or null to compare with nothing, as before the first promotion.</param>
/// <param name="To">The newer release.</param>
/// <param name="Services">The services of either release, sorted by name.</param>
/// <param name="Environment">The keys that differ.</param>
/// <param name="FromManifest">The <c>convox.yml</c> of the older release; empty if it has none.</param>
/// <param name="ToManifest">The <c>convox.yml</c> of the newer release.</param>
public sealed record ReleaseComparison(
    Release? From, Release To, IReadOnlyList<ServiceComparison> Services, EnvironmentChange Environment,
    string FromManifest, string ToManifest)
{
    /// <summary>Whether the two have the same content. A trailing line break in a manifest is ignored.</summary>
    public bool IsSame =>
        Environment.IsEmpty && Services.All(s => s.Change == ServiceChange.Same) && FromManifest.TrimEnd('\n') == ToManifest.TrimEnd('\n');
}

/// <summary>Represents one service in two releases.</summary>
/// <param name="Service">The service.</param>
/// <param name="From">The service in the older release, or null if it doesn't exist there.</param>
/// <param name="To">The service in the newer release, or null if it doesn't exist there.</param>
public sealed record ServiceComparison(ServiceName Service, ReleaseService? From, ReleaseService? To)
{
    /// <summary>How the service changes from the older to the newer release.</summary>
    public ServiceChange Change => From is null ? ServiceChange.Added
        : To is null ? ServiceChange.Removed
        : From.Artifact?.Digest != To.Artifact?.Digest ? ServiceChange.Changed : ServiceChange.Same;
}

/// <summary>Specifies how a service changes from one release to another.</summary>
public enum ServiceChange
{
    /// <summary>Both have the same artifact.</summary>
    Same,

    /// <summary>Only the newer one has it.</summary>
    Added,

    /// <summary>Only the older one has it.</summary>
    Removed,

    /// <summary>The artifacts differ.</summary>
    Changed,
}

/// <summary>Compares two releases. Changes nothing.</summary>
public sealed class CompareReleases(OperationContext context)
{
    /// <summary>
    /// Compares the first release with the second; a single release is compared with the active one, to show what promoting it would
    /// change. Fails with <see cref="ProblemCode.Nothing"/> if there is no active release to compare with.
    /// </summary>
    public async Task<ReleaseComparison> Run(App app, ReleaseReference first, ReleaseReference? second, CancellationToken cancel)
    {
        var one = await context.Store.RequireRelease(app.Name, first, cancel);
        ReleaseReference other = second ?? app.Active ?? throw new Problem(
            ProblemCode.Nothing, $"{app.Name} has no active release to compare with.",
            Remedy.Do(Operation.CompareReleases, "Compare two releases", "v1", "v2")).ToException();
        var two = await context.Store.RequireRelease(app.Name, other, cancel);
        return second is null ? await Between(two, one, cancel) : await Between(one, two, cancel);
    }

    /// <summary>Compares two releases, or nothing with one.</summary>
    public async Task<ReleaseComparison> Between(Release? from, Release to, CancellationToken cancel)
    {
        var services = (from?.Services.Keys ?? []).Union(to.Services.Keys).Order()
            .Select(name => new ServiceComparison(name, from?.Services.GetValueOrDefault(name), to.Services.GetValueOrDefault(name)));
        var before = from is null ? EnvironmentSet.Empty : await context.Rack.ReadEnvironment(from, cancel);
        return new(
            from, to, [.. services], EnvironmentChange.Between(before, await context.Rack.ReadEnvironment(to, cancel)),
            await Manifest(from, cancel), await Manifest(to, cancel));
    }

    private async Task<string> Manifest(Release? release, CancellationToken cancel) =>
        release?.Manifest is { } id ? await context.Store.ReadManifest(id, cancel) : "";
}
