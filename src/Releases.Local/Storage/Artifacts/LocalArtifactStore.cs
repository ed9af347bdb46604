using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Publish folders under the hash of their content: <c>artifacts/&lt;hash&gt;/files</c>, read-only, and next to it
/// <c>artifact.json</c>. An artifact is made under a temporary name and renamed, so it is there whole or not at all.
/// </summary>
/// <param name="home">Where the folders lie.</param>
/// <param name="time">Tells how old a leftover is.</param>
internal sealed class LocalArtifactStore(LocalHome home, TimeProvider time) : IArtifactStore
{
    private readonly TemporaryFolders _temporary = new(time);

    public async Task<Artifact> Store(string folder, string assemblyName, CancellationToken cancel = default)
    {
        try
        {
            if (!Directory.Exists(folder)) throw NothingThere(folder).ToException();
            var program = PublishedProgram.Read(folder, assemblyName);
            var published = PublishFolder.Read(folder);
            var digest = await published.Digest(cancel);
            HomeFolder.CreatePrivate(home.Folder);
            HomeFolder.CreatePrivate(home.Artifacts);
            _temporary.Sweep(home.Artifacts);

            var artifact = program with { Digest = digest, Bytes = published.Bytes };
            if (await Verify(artifact, cancel) is null) return artifact;
            return await StoreNew(published, artifact, cancel);
        }
        catch (Exception e) when (DiskProblems.From(e, home.Artifacts) is { } problem)
        {
            throw problem.ToException(e);
        }
    }

    public async Task<Problem?> Verify(Artifact artifact, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        if (artifact.Kind == ArtifactKind.Image)
            return new(
                ProblemCode.NotSupported, $"{artifact.Reference} is an image; the local rack runs published projects only.",
                "Set 'build' instead of 'image', or use an AWS rack.");
        var files = Files(artifact);
        if (!Directory.Exists(files)) return Damaged(artifact, "is missing");
        try
        {
            return await PublishFolder.Read(files).Digest(cancel) == artifact.Digest ? null
                : Damaged(artifact, "was changed after it was stored");
        }
        catch (Exception e) when (e is ProblemException or IOException or UnauthorizedAccessException)
        {
            return Damaged(artifact, $"can't be read ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>
    /// Makes an independent copy of an artifact's files that its owner may write to; a copy that is there is left alone.
    /// Fails with <see cref="ProblemCode.DamagedArtifact"/> or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public Task Materialize(Artifact artifact, string folder, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(folder);
        return Task.Run(() => Copy(artifact, folder, cancel), cancel);
    }

    private void Copy(Artifact artifact, string folder, CancellationToken cancel)
    {
        if (Directory.Exists(folder)) return;
        var files = Files(artifact);
        if (!Directory.Exists(files)) throw Damaged(artifact, "is missing").ToException();
        try
        {
            var parent = Path.GetDirectoryName(folder)!;
            HomeFolder.CreatePrivate(parent);
            _temporary.Sweep(parent);
            using var copy = TemporaryFolders.Create(parent);
            PublishFolder.Read(files).CopyTo(copy.Path, writable: true, cancel);
            copy.MoveTo(folder);
        }
        catch (Exception e) when (DiskProblems.From(e, folder) is { } problem)
        {
            throw problem.ToException(e);
        }
    }

    /// <summary>Stores an artifact that is missing or damaged.</summary>
    private async Task<Artifact> StoreNew(PublishFolder published, Artifact artifact, CancellationToken cancel)
    {
        using var made = TemporaryFolders.Create(home.Artifacts);
        var files = Path.Combine(made.Path, "files");
        Directory.CreateDirectory(files);
        published.CopyTo(files, writable: false, cancel);
        var copied = artifact with { Digest = await PublishFolder.Read(files).Digest(cancel) };
        await File.WriteAllBytesAsync(
            Path.Combine(made.Path, "artifact.json"), JsonSerializer.SerializeToUtf8Bytes(copied, StoreJson.Default.Artifact), cancel);
        TemporaryFolders.MakeReadOnly(made.Path);

        var place = Place(copied);
        if (Directory.Exists(place) && await Verify(copied, cancel) is not null) TemporaryFolders.Delete(place);
        made.MoveTo(place);
        return copied;
    }

    /// <summary>Where the files of an artifact lie, to be looked at.</summary>
    internal string FilesOf(string digest) => Path.Combine(home.Artifacts, digest["sha256:".Length..], "files");

    private string Place(Artifact artifact) => Path.Combine(home.Artifacts, artifact.Digest["sha256:".Length..]);

    private string Files(Artifact artifact) => FilesOf(artifact.Digest);

    private Problem Damaged(Artifact artifact, string how) => new(
        ProblemCode.DamagedArtifact,
        $"the artifact {artifact.Digest[..19]}… in '{home.Artifacts}' {how}. Running services use their own copies and aren't affected.",
        "Publish the same commit again, or promote another release.");

    private static Problem NothingThere(string folder) => new(
        ProblemCode.NoPublishOutput,
        $"there is no publish output '{folder}'. Nothing was stored.",
        Remedy.Do(Operation.Build, "Publish it again"));
}
