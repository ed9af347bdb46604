using Xunit;

namespace Releases.Testing;

/// <summary>What every store of publish folders does.</summary>
public abstract class ArtifactStoreContract : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("artifacts-");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A folder of the test's own.</summary>
    protected string Temporary => _temporary.FullName;

    protected abstract IArtifactStore Artifacts { get; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_same_content_is_the_same_artifact_and_other_content_another()
    {
        var one = await Artifacts.Store(Published("one", "hello"), "Hello", Cancel);
        var same = await Artifacts.Store(Published("two", "hello"), "Hello", Cancel);
        var other = await Artifacts.Store(Published("three", "goodbye"), "Hello", Cancel);

        Assert.Equal(one.Digest, same.Digest);
        Assert.NotEqual(one.Digest, other.Digest);
        Assert.Matches("^sha256:[0-9a-f]{64}$", one.Digest);
        Assert.Equal("Hello.dll", one.EntryPoint);
        Assert.Null(await Artifacts.Verify(one, Cancel));
        Assert.Null(await Artifacts.Verify(other, Cancel));
    }

    [Fact]
    public async Task An_artifact_that_was_never_stored_is_missing() =>
        Assert.Equal(ProblemCode.DamagedArtifact, (await Artifacts.Verify(A.Artifact("nothing"), Cancel))?.Code);

    [Fact]
    public async Task A_folder_without_a_program_is_refused()
    {
        var empty = Directory.CreateDirectory(Path.Combine(Temporary, "empty")).FullName;
        foreach (var (folder, name) in new[] { (empty, "Hello"), (Path.Combine(Temporary, "missing"), "Hello"),
            (Published("other", "hello"), "Goodbye") })
        {
            var thrown = await Assert.ThrowsAsync<ProblemException>(() => Artifacts.Store(folder, name, Cancel));
            Assert.Equal(ProblemCode.NoPublishOutput, thrown.Problems[0].Code);
        }
    }

    /// <summary>A publish folder of <c>Hello</c> with this in a file of it.</summary>
    protected string Published(string name, string content)
    {
        var folder = Path.Combine(Temporary, name);
        Directory.CreateDirectory(Path.Combine(folder, "wwwroot"));
        File.WriteAllText(Path.Combine(folder, "Hello.dll"), "assembly");
        File.WriteAllText(Path.Combine(folder, "wwwroot", "index.html"), content);
        return folder;
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _temporary.Delete(recursive: true);
    }
}
