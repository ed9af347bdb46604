using Releases;
using Releases.Local;
using Releases.Testing;

/// <summary>
/// Does one thing with the stored files of a home and prints what came of it; <c>CONVOX_FAILPOINT_FILES=n</c> kills it at its n-th write.
/// Arguments: <c>store HOME FOLDER</c>, <c>copy HOME DIGEST FOLDER</c>, <c>export HOME RELEASE FILE</c>, <c>import HOME FILE</c>,
/// <c>backup HOME FILE</c>, <c>restore HOME FILE</c>,
/// <c>prune HOME</c>, 91 days from now, or <c>collect HOME</c>. <c>CONVOX_FAILPOINT=n</c> does so at the n-th moment of the records.
/// </summary>
internal static class StoredFilesWorker
{
    public static async Task<int> Run(string[] args)
    {
        var home = new LocalHome(args[1]);
        var artifacts = new LocalArtifactStore(home, TimeProvider.System) { Converts = true };
        FailPoint.ArmFiles();
        FailPoint.Arm();
        try
        {
            Console.WriteLine(args switch
            {
                ["store", _, var folder] => (await artifacts.Store(folder, "Hello")).Digest,
                ["copy", _, var digest, var folder] => await Copy(artifacts, digest, folder),
                ["prune", ..] => $"{await Prune(home)}",
                ["export", _, var release, var file] => await Export(home, ReleaseReference.Parse(release), file),
                ["backup", _, var file] => (await new BackUpHome(home, TimeProvider.System).Run(file, true, default)).Artifacts.ToString(),
                ["restore", _, var file] =>
                    (await new RestoreHome(home, TimeProvider.System).Run(file, false, default)).Artifacts.ToString(),
                ["import", _, var file] => await Import(home, file),
                _ => $"{await Collect(home)}",
            });
            return 0;
        }
        catch (ProblemException refused)
        {
            Console.WriteLine(refused.Problems[0].Sentence);
            return 1;
        }
    }

    private static async Task<string> Copy(LocalArtifactStore artifacts, string digest, string folder)
    {
        await artifacts.Materialize(new() { Digest = digest, Kind = ArtifactKind.Folder }, folder);
        return folder;
    }

    private static async Task<int> Prune(LocalHome home)
    {
        await using var store = SqliteReleaseStore.Open(home);
        var later = new LaterTime(TimeSpan.FromDays(91));
        return (await new PruneReleases(store, new LocalArtifactRemoval(home, store, later), later).Run(A.App, A.Person)).Releases.Count;
    }

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private static async Task<string> Export(LocalHome home, ReleaseReference release, string file)
    {
        await using var rack = LocalRack.Open(home, $"local:{home.Folder}", TimeProvider.System);
        return (await new ExportRelease(On(rack)).Run(A.App, release, _ => file)).Digest;
    }

    private static async Task<string> Import(LocalHome home, string file)
    {
        await using var rack = LocalRack.Open(home, $"local:{home.Folder}", TimeProvider.System);
        return (await new ImportRelease(On(rack)).Run(file, null, null)).Release.Id.ToString();
    }

    private static OperationContext On(Rack rack) =>
        new(rack, TimeProvider.System, _ => Task.FromResult(A.Person), new Progress<OperationNote>());

    private static async Task<bool> Collect(LocalHome home)
    {
        await using var store = SqliteReleaseStore.Open(home);
        return await new ArtifactCollection(home, store, TimeProvider.System).Run(CancellationToken.None);
    }
}
