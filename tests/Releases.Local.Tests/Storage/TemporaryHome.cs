namespace Releases.Local.Tests.Storage;

/// <summary>A home of its own, removed with everything in it.</summary>
internal sealed class TemporaryHome : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("home-");

    public TemporaryHome() => Home = new(Path.Combine(_folder.FullName, "convox"));

    public LocalHome Home { get; }

    public SqliteReleaseStore OpenStore() => SqliteReleaseStore.Open(Home);

    public void Dispose()
    {
        // Stored artifacts are read-only, also for a test that is not run by root.
        if (!OperatingSystem.IsWindows() && Directory.Exists(Home.Artifacts))
            foreach (var artifact in Directory.GetDirectories(Home.Artifacts)) TemporaryFolders.Delete(artifact);
        _folder.Delete(recursive: true);
    }
}
