using System.Collections.Concurrent;

namespace Releases.Local;

/// <summary>
/// The folders that processes start in: each release's own copy of its artifacts. One in which processes have left files of
/// their own is not removed at once, since they may be needed.
/// </summary>
internal sealed class WorkingCopies(LocalHome home, LocalArtifactStore artifacts)
{
    /// <summary>How many releases of an app that do not run keep their copies for what processes left there.</summary>
    private const int MaxCopiesKept = 3;

    /// <summary>What was found once nothing more could be added.</summary>
    private readonly ConcurrentDictionary<(AppName App, ReleaseId Release, ServiceName Service), string?> _found = new();

    /// <summary>The copy's folder, made if it is missing.</summary>
    public async Task<string> Prepare(AppName app, ReleaseId release, ServiceSpec spec, CancellationToken cancel)
    {
        var folder = FolderOf(app, release, spec.Service.Name);
        await artifacts.Materialize(spec.Content.Artifact!, folder, cancel);
        CopyOrigin.Note(folder, spec.Content.Artifact!);
        _found.TryRemove((app, release, spec.Service.Name), out _);
        return folder;
    }

    /// <summary>What processes of a release that has ended left in their copy, where it is and where it should be; null: nothing.</summary>
    public string? Left(AppName app, ReleaseId release, ServiceName service) =>
        _found.GetOrAdd((app, release, service), key => Look(key.App, key.Release, key.Service));

    /// <summary>
    /// Removes the copies of every other release of the app, but for the last ones that processes left files in. Those that it has
    /// not reported before are reported now.
    /// </summary>
    public void KeepOnly(AppName app, IReadOnlyCollection<ReleaseId> releases, Action<ServiceName, ReleaseId, string> report)
    {
        var kept = 0;
        foreach (var (folder, release) in Others(app, releases))
        {
            var left = release is { } id ? Left(app, id) : [];
            foreach (var (service, text) in left.Where(l => CopyOrigin.MarkReported(FolderOf(app, release!.Value, l.Service))))
                report(service, release!.Value, text);
            if (left.Count > 0 && ++kept <= MaxCopiesKept) continue;
            folder.Delete(recursive: true);
            if (release is { } gone) Forget(app, gone);
        }
    }

    /// <summary>Removes every copy of an app, whatever is in them.</summary>
    public void RemoveAll(AppName app)
    {
        foreach (var (folder, release) in Others(app, []))
        {
            folder.Delete(recursive: true);
            if (release is { } gone) Forget(app, gone);
        }
    }

    /// <summary>The copies of other releases, the one made last first.</summary>
    private List<(DirectoryInfo Folder, ReleaseId? Release)> Others(AppName app, IReadOnlyCollection<ReleaseId> releases)
    {
        var folder = new DirectoryInfo(Path.Combine(home.Work, app.ToString()));
        return !folder.Exists ? [] : [.. folder.EnumerateDirectories().Select(d => (Folder: d, Release: ReleaseId.Read(d.Name)))
            .Where(c => c.Release is not { } id || !releases.Contains(id)).OrderByDescending(c => CopyOrigin.MadeAt(c.Folder))];
    }

    private List<(ServiceName Service, string Text)> Left(AppName app, ReleaseId release) =>
        [.. CopyOrigin.ServicesIn(Path.Combine(home.Work, app.ToString(), release.ToString()))
            .Select(s => (s, Left(app, release, s))).Where(l => l.Item2 is not null).Select(l => (l.s, l.Item2!))];

    private string? Look(AppName app, ReleaseId release, ServiceName service)
    {
        var folder = FolderOf(app, release, service);
        return WorkingCopyChanges.Describe(folder, CopyOrigin.Of(folder) is { } digest ? artifacts.FilesOf(digest) : null) is not { } files
            ? null
            : $"{service} wrote {files} to the folder of {release}, which other releases don't get: {folder} (kept for the last "
                + $"{MaxCopiesKept} such releases). "
                + $"Write files that must stay to the folder in CONVOX_DATA: {Path.Combine(home.Data, app.ToString(), service.ToString())}";
    }

    private void Forget(AppName app, ReleaseId release)
    {
        foreach (var key in _found.Keys.Where(k => k.App == app && k.Release == release)) _found.TryRemove(key, out _);
    }

    private string FolderOf(AppName app, ReleaseId release, ServiceName service) =>
        Path.Combine(home.Work, app.ToString(), release.ToString(), service.ToString());
}
