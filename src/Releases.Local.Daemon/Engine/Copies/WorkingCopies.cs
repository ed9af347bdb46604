using System.Collections.Concurrent;

namespace Releases.Local;

/// <summary>
/// Manages the working directories of processes: each release has its own copies of its artifacts. A copy in which processes have left
/// files isn't removed immediately, because the files may be needed.
/// </summary>
internal sealed class WorkingCopies(LocalHome home, LocalArtifactStore artifacts)
{
    /// <summary>The number of inactive releases of an app that keep their copies because processes left files in them.</summary>
    private const int MaxCopiesKept = 3;

    /// <summary>The files found in copies to which no process can add any longer.</summary>
    private readonly ConcurrentDictionary<(AppName App, ReleaseId Release, ServiceName Service), string?> _found = new();

    /// <summary>Returns the folder of a copy, which is created if it is missing.</summary>
    public async Task<string> Prepare(AppName app, ReleaseId release, ServiceSpec spec, CancellationToken cancel)
    {
        var folder = FolderOf(app, release, spec.Service.Name);
        await artifacts.Materialize(spec.Content.Artifact!, folder, cancel: cancel);
        CopyOrigin.Note(folder, spec.Content.Artifact!);
        _found.TryRemove((app, release, spec.Service.Name), out _);
        return folder;
    }

    /// <summary>
    /// Prepares a copy for a promotion, before its first process starts. A copy that existed before, because processes left files in it, is
    /// compared with its artifact once, and the artifact's files are put back as published. Where processes of the release are running,
    /// nothing is changed under them.
    /// </summary>
    /// <param name="promotion">The promotion.</param>
    /// <param name="app">The app.</param>
    /// <param name="release">The release.</param>
    /// <param name="spec">The service.</param>
    /// <param name="isInUse">Whether processes run in the copy.</param>
    /// <param name="cancel">A token that cancels the preparation.</param>
    /// <returns>A warning if files differed, or null.</returns>
    public async Task<string?> PrepareFor(
        PromotionId promotion, AppName app, ReleaseId release, ServiceSpec spec, bool isInUse, CancellationToken cancel)
    {
        var existed = Directory.Exists(FolderOf(app, release, spec.Service.Name));
        var folder = await Prepare(app, release, spec, cancel);
        if (CopyOrigin.IsComparedFor(folder, promotion)) return null;
        var aside = CopyWarning.Aside(folder, promotion);
        var differing = existed ? await artifacts.Repair(spec.Content.Artifact!, folder, isInUse ? null : aside, cancel) : [];
        CopyOrigin.MarkCompared(folder, promotion);
        return differing.Count == 0 ? null
            : isInUse ? CopyWarning.InUse(spec.Service.Name, release, differing, folder)
            : CopyWarning.PutBack(spec.Service.Name, release, differing, aside);
    }

    /// <summary>
    /// Returns a message about the files that processes of an ended release left in their copy, and where such files belong, or null if
    /// there are none.
    /// </summary>
    public string? Left(AppName app, ReleaseId release, ServiceName service) =>
        _found.GetOrAdd((app, release, service), key => Look(key.App, key.Release, key.Service));

    /// <summary>
    /// Removes the copies of an app's other releases, except for the most recent ones in which processes left files, as far as that can be
    /// determined. Reports those files once.
    /// </summary>
    public void KeepOnly(AppName app, IReadOnlyCollection<ReleaseId> releases, Action<ServiceName, ReleaseId, string> report)
    {
        var kept = 0;
        foreach (var (folder, release) in Others(app, releases))
        {
            var left = release is { } id ? Left(app, id) : [];
            foreach (var (service, text) in left.Where(l => CopyOrigin.MarkReported(FolderOf(app, release!.Value, l.Service))))
                report(service, release!.Value, text);
            if (release is { } other && (left.Count > 0 || CopyWarning.HasAside(folder) || IsUnknown(app, other))
                && ++kept <= MaxCopiesKept) continue;
            TemporaryFolders.TryDelete(folder.FullName);
            if (release is { } gone) Forget(app, gone);
        }
    }

    /// <summary>Removes all copies of an app, whatever their content.</summary>
    public void RemoveAll(AppName app)
    {
        foreach (var (folder, release) in Others(app, []))
        {
            TemporaryFolders.TryDelete(folder.FullName);
            if (release is { } gone) Forget(app, gone);
        }
    }

    /// <summary>Returns the copies of other releases, most recent first.</summary>
    private List<(DirectoryInfo Folder, ReleaseId? Release)> Others(AppName app, IReadOnlyCollection<ReleaseId> releases)
    {
        var folder = new DirectoryInfo(Path.Combine(home.Work, app.ToString()));
        return !folder.Exists ? [] : [.. folder.EnumerateDirectories().Select(d => (Folder: d, Release: ReleaseId.Read(d.Name)))
            .Where(c => c.Release is not { } id || !releases.Contains(id)).OrderByDescending(c => CopyOrigin.MadeAt(c.Folder))];
    }

    private List<(ServiceName Service, string Text)> Left(AppName app, ReleaseId release) =>
        [.. ServicesOf(app, release).Select(s => (s, Left(app, release, s))).Where(l => l.Item2 is not null).Select(l => (l.s, l.Item2!))];

    /// <summary>
    /// Determines whether a release's copies can't be compared with their artifacts, because one was pruned or isn't known. Processes may
    /// have left files in them.
    /// </summary>
    private bool IsUnknown(AppName app, ReleaseId release) => ServicesOf(app, release)
        .Any(s => CopyOrigin.Of(FolderOf(app, release, s)) is not { } digest || !Directory.Exists(artifacts.FilesOf(digest)));

    private IEnumerable<ServiceName> ServicesOf(AppName app, ReleaseId release) =>
        CopyOrigin.ServicesIn(Path.Combine(home.Work, app.ToString(), release.ToString()));

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
