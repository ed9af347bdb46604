namespace Releases.Local;

/// <summary>The folders that processes start in: each release's own copy of its artifacts.</summary>
internal sealed class WorkingCopies(LocalHome home, LocalArtifactStore artifacts)
{
    /// <summary>The copy's folder, made where it is not there yet.</summary>
    public async Task<string> Prepare(AppName app, ReleaseId release, ServiceSpec spec, CancellationToken cancel)
    {
        var folder = Path.Combine(home.Work, app.ToString(), release.ToString(), spec.Service.Name.ToString());
        await artifacts.Materialize(spec.Content.Artifact!, folder, cancel);
        return folder;
    }

    /// <summary>Removes the copies of every other release of the app.</summary>
    public void KeepOnly(AppName app, IReadOnlyCollection<ReleaseId> releases)
    {
        var folder = new DirectoryInfo(Path.Combine(home.Work, app.ToString()));
        if (!folder.Exists) return;
        foreach (var copy in folder.EnumerateDirectories().Where(d => ReleaseId.Read(d.Name) is not { } id || !releases.Contains(id)))
            copy.Delete(recursive: true);
    }
}
