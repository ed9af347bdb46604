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
    /// Makes the release again: what its build made, and everything else of the active release. Fails with
    /// <see cref="ProblemCode.Busy"/> while a promotion is open.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="by">Who requested it.</param>
    /// <param name="write">
    /// Writes the release together with the start of its promotion; returns false if another release was added or became active first.
    /// </param>
    /// <param name="cancel">Cancels the operation before the write.</param>
    public async Task<Release> Create(Release release, string by, Func<ReleaseAddition, Task<bool>> write, CancellationToken cancel)
    {
        var added = await new AppendRelease(rack.Store, time).Run(release.App, "active", from => Task.FromResult<ReleaseAddition?>(
            from.Addition(from.Next(release.Description, time.GetUtcNow(), by) with
            {
                Services = release.Services.ToDictionary(s => s.Key, s => ServiceOf(release, from.Base!, s.Key)),
                Manifest = release.Manifest,
                Build = release.Build,
                Commit = release.Commit,
                Oldest = new[] { release.Oldest, from.Base!.Oldest }.Max(),
            })), cancel, write);
        return added!.Addition.Release;
    }

    /// <summary>Returns a service as the release's own build made it, else as it is in the active release.</summary>
    private static ReleaseService ServiceOf(Release release, Release active, ServiceName name) =>
        release.Services[name] is var own && own.Build != release.Build && active.Services.TryGetValue(name, out var its) ? its : own;
}
