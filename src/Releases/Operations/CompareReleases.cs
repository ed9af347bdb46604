namespace Releases;

/// <summary>What differs between the content of two releases; values of environments are compared and never shown.</summary>
/// <param name="From">The older one; null: nothing, as before the first promotion.</param>
/// <param name="To">The newer one.</param>
/// <param name="Services">The services that are in one or both, sorted by name.</param>
/// <param name="Environment">The keys that differ.</param>
/// <param name="FromManifest">The older one's <c>convox.yml</c>; empty: it has none.</param>
/// <param name="ToManifest">The newer one's.</param>
public sealed record ReleaseComparison(
    Release? From, Release To, IReadOnlyList<ServiceComparison> Services, EnvironmentChange Environment,
    string FromManifest, string ToManifest)
{
    /// <summary>Whether the two have the same content. Whether a manifest ends with a line break doesn't matter.</summary>
    public bool IsSame =>
        Environment.IsEmpty && Services.All(s => s.Change == ServiceChange.Same) && FromManifest.TrimEnd('\n') == ToManifest.TrimEnd('\n');
}

/// <summary>One service in two releases.</summary>
/// <param name="Service">The service.</param>
/// <param name="From">What the older one has; null: no such service.</param>
/// <param name="To">What the newer one has; null: no such service.</param>
public sealed record ServiceComparison(ServiceName Service, ReleaseService? From, ReleaseService? To)
{
    /// <summary>What happens to it from one to the other.</summary>
    public ServiceChange Change => From is null ? ServiceChange.Added
        : To is null ? ServiceChange.Removed
        : From.Artifact?.Digest != To.Artifact?.Digest ? ServiceChange.Changed : ServiceChange.Same;
}

/// <summary>What happens to a service from one release to another.</summary>
public enum ServiceChange
{
    /// <summary>The same artifact.</summary>
    Same,

    /// <summary>Only the newer one has it.</summary>
    Added,

    /// <summary>Only the older one has it.</summary>
    Removed,

    /// <summary>Another artifact.</summary>
    Changed,
}

/// <summary>Compares two releases. Changes nothing.</summary>
public sealed class CompareReleases(OperationContext context)
{
    /// <summary>
    /// From the first release to the second; of one, what promoting it would change. Fails with <see cref="ProblemCode.Nothing"/> if there
    /// is no active release to compare it with.
    /// </summary>
    public async Task<ReleaseComparison> Run(App app, ReleaseReference first, ReleaseReference? second, CancellationToken cancel)
    {
        var one = await context.Store.RequireRelease(app.Name, first, cancel);
        ReleaseReference other = second ?? app.Active ?? throw new Problem(
            ProblemCode.Nothing, $"{app.Name} has no active release to compare with.",
            Remedy.Do(Operation.CompareReleases, "Name two", "v1", "v2")).ToException();
        var two = await context.Store.RequireRelease(app.Name, other, cancel);
        return second is null ? await Between(two, one, cancel) : await Between(one, two, cancel);
    }

    /// <summary>What differs between two, or between nothing and one.</summary>
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
