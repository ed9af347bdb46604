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
    /// Makes the release again with the environment of the active one, and returns both; makes none if the active one was made on it. Fails
    /// with <see cref="ProblemCode.ChooseBase"/> if the release would undo more of the active one than that, with
    /// <see cref="ProblemCode.Pruned"/> if it was pruned meanwhile, and with <see cref="ProblemCode.Busy"/> while a promotion is open.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="by">Who requested it.</param>
    /// <param name="write">
    /// Writes the release together with the start of its promotion; returns false if another release was added or became active first.
    /// </param>
    /// <param name="cancel">Cancels the operation before the write.</param>
    public async Task<(Release? Made, Release Active)> Create(
        Release release, string by, Func<ReleaseAddition, Task<bool>> write, CancellationToken cancel)
    {
        Release active = release;
        var added = await new AppendRelease(rack.Store, time).Run(release.App, "active", async from =>
        {
            active = from.Base!;
            (await rack.Store.RequireRelease(release.App, release.Id, cancel)).RequireNotPruned();
            var common = await Common(release, active, cancel);
            // What the active one doesn't have of it was replaced since, by whoever knew it.
            if (common?.Id == release.Id) return null;
            if (common is null || !Keeps(release, common, active)) throw Undoes(release, active);
            var next = from.Next(release.Description, time.GetUtcNow(), by);
            return from.Addition(next with
            {
                Services = release.Services,
                Manifest = release.Manifest,
                Build = release.Build,
                Commit = release.Commit,
                RemadeFrom = release.Id,
                Oldest = new[] { release.Oldest == release.Number ? next.Number : release.Oldest, active.Oldest }.Max(),
            });
        }, cancel, write);
        return (added?.Addition.Release, active);
    }

    /// <summary>
    /// Returns what the active release was made on: the release itself or its base; null if it is neither, or if something older was
    /// restored on the release, which nobody had promoted.
    /// </summary>
    private async Task<Release?> Common(Release release, Release active, CancellationToken cancel)
    {
        var oldest = await Find(release.BasedOn) is { } own ? own.Number : release.Number;
        var restores = false;
        for (var one = active; one is not null && one.Number >= oldest; one = await Find(one.BasedOn))
        {
            if (one.Id == release.Id) return restores ? null : one;
            if (one.Id == release.BasedOn) return one;
            restores |= one.IsRollback;
        }

        return null;

        async Task<Release?> Find(ReleaseId? id) => id is { } some ? await rack.Store.FindRelease(release.App, some, cancel) : null;
    }

    /// <summary>
    /// Determines whether the release, with the environment of the active one, has everything that changed in the active one since the base
    /// of both.
    /// </summary>
    private static bool Keeps(Release release, Release common, Release active) =>
        common.Environment == release.Environment
            && (active.Manifest == common.Manifest || active.Manifest == release.Manifest)
            && active.Services.Keys.Union(common.Services.Keys).All(name => IsKept(name, release, common, active));

    /// <summary>Of two builds of a service, the newer release's counts.</summary>
    private static bool IsKept(ServiceName name, Release release, Release common, Release active)
    {
        var (own, before, its) = (Content(release), Content(common), Content(active));
        return its == before || its == own
            || (release.Number > active.Number && own is not null && its is not null && own != before);

        string? Content(Release of) => of.Services.TryGetValue(name, out var service) ? service.Artifact?.Digest ?? "" : null;
    }

    private static ProblemException Undoes(Release release, Release active) => new Problem(
        ProblemCode.ChooseBase, $"{active.Label} became active meanwhile, and {release.Label} would undo some of it.",
        Remedy.Do(Operation.Deploy, "Deploy again", OperationOption.From, "active"), Unchanged: Problem.NothingChanged).ToException();
}
