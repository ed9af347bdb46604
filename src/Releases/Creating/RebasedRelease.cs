namespace Releases;

/// <summary>
/// Makes a release of a build again, on another base. A release that waited for its promotion would otherwise undo what became active
/// meanwhile.
/// </summary>
internal sealed class RebasedRelease(Rack rack, TimeProvider time)
{
    /// <summary>
    /// Returns the active release if it became active after a release was made and isn't part of it, or null. A base that was named by its
    /// id or number is kept, whatever is active.
    /// </summary>
    /// <param name="store">The store of the records.</param>
    /// <param name="app">The app.</param>
    /// <param name="release">The release.</param>
    /// <param name="from">The base that was asked for, as in <see cref="ReleaseBase.Read"/>.</param>
    /// <param name="cancel">Cancels the read.</param>
    public static async Task<Release?> Overtaking(
        IReleaseStore store, App app, Release release, string? from, CancellationToken cancel)
    {
        if (app.Active is not { } id || id == release.Id || id == release.BasedOn) return null;
        var active = await store.RequireRelease(app.Name, id, cancel);
        return from?.Trim().ToLowerInvariant() switch
        {
            "active" => active,
            // The latest has what was made before it, unless it was decided otherwise before that.
            null or "latest" => active.Number > release.Number ? active : null,
            _ => null,
        };
    }

    /// <summary>
    /// Makes the release again on the active one, and returns both: what changed from its own base, and everything else as it is active.
    /// Fails with <see cref="ProblemCode.ChooseBase"/> if the active release changed the same, and with <see cref="ProblemCode.Busy"/>
    /// while a promotion is open.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="by">Who requested it.</param>
    /// <param name="write">
    /// Writes the release together with the start of its promotion; returns false if another release was added or became active first.
    /// </param>
    /// <param name="cancel">Cancels the operation before the write.</param>
    public async Task<(Release Made, Release Active)> Create(
        Release release, string by, Func<ReleaseAddition, Task<bool>> write, CancellationToken cancel)
    {
        Release active = release;
        var @base = release.BasedOn is { } id ? await rack.Store.FindRelease(release.App, id, cancel) : null;
        var added = await new AppendRelease(rack.Store, time).Run(release.App, "active", from =>
        {
            active = from.Base!;
            return Task.FromResult<ReleaseAddition?>(from.Addition(from.Next(release.Description, time.GetUtcNow(), by) with
            {
                Services = Services(release, @base, active),
                Manifest = ManifestOf(release, @base, active),
                Build = release.Build,
                Commit = release.Commit,
                Oldest = new[] { release.Oldest, active.Oldest }.Max(),
            }));
        }, cancel, write);
        return (added!.Addition.Release, active);
    }

    private static Dictionary<ServiceName, ReleaseService> Services(Release release, Release? @base, Release active) =>
        release.Services.Keys.Union(active.Services.Keys).Select(name => (Name: name, Service: ServiceOf(name, release, @base, active)))
            .Where(s => s.Service is not null).ToDictionary(s => s.Name, s => s.Service!);

    /// <summary>Of two builds of the same service, the newer one counts.</summary>
    private static ReleaseService? ServiceOf(ServiceName name, Release release, Release? @base, Release active)
    {
        var (own, before, its) = (release.Services.GetValueOrDefault(name), @base?.Services.GetValueOrDefault(name),
            active.Services.GetValueOrDefault(name));
        if (IsSame(own, before)) return its;
        return IsSame(its, before) || IsSame(own, its) || release.Number > active.Number
            ? own
            : throw Conflict(release, active, $"build of {name}");
    }

    private static ManifestId? ManifestOf(Release release, Release? @base, Release active) =>
        release.Manifest == @base?.Manifest ? active.Manifest
        : active.Manifest == @base?.Manifest || active.Manifest == release.Manifest ? release.Manifest
        : throw Conflict(release, active, ManifestReader.FileName);

    private static bool IsSame(ReleaseService? one, ReleaseService? other) =>
        one is null == other is null && one?.Artifact?.Digest == other?.Artifact?.Digest;

    private static ProblemException Conflict(Release release, Release active, string what) => new Problem(
        ProblemCode.ChooseBase,
        $"{active.Label} became active meanwhile, and has another {what} than the release on which {release.Label} is based. "
            + "Nothing changed.",
        Remedy.Do(Operation.Deploy, "Deploy again")).ToException();
}
