namespace Releases.Local;

/// <summary>
/// Stores publish folders under the hash of their content: <c>artifacts/&lt;hash&gt;/files</c>, read-only, beside <c>artifact.json</c> and
/// <c>manifest.json</c>. An artifact is created under a temporary name and renamed, so it is either complete or absent. Artifacts share
/// their files (<see cref="StoredFiles"/>).
/// </summary>
/// <param name="home">The home of the rack.</param>
/// <param name="time">The clock, for the age of leftovers.</param>
internal sealed class LocalArtifactStore(LocalHome home, TimeProvider time) : IArtifactStore
{
    private readonly TemporaryFolders _temporary = new(time);
    private readonly ArtifactWriter _writer = new(home, new(home));

    /// <summary>
    /// Gets whether artifacts of version 0.1 are converted to share their files when they are copied. Only the daemon does that: an older
    /// daemon compares its working copies with the artifacts as they were.
    /// </summary>
    public bool Converts { get; init; }

    public Task<Artifact> Store(string folder, string assemblyName, CancellationToken cancel = default) =>
        Task.Run(() => StoreNow(folder, assemblyName, cancel), cancel);

    public ArtifactKind Kind => ArtifactKind.Folder;

    public Task<Problem?> CanRun(Artifact artifact, IReadOnlyDictionary<string, string> environment, CancellationToken cancel = default) =>
        Task.FromResult(new MachineCheck().CanRun(artifact, environment));

    public async Task<IArtifactContent?> Open(Artifact artifact, CancellationToken cancel = default)
    {
        var stored = Stored(artifact.Digest);
        if (!stored.Exists) throw Damaged(artifact, "is missing").ToException();
        return await FolderContent.Of(artifact, Look(stored, artifact), cancel);
    }

    public async Task<Artifact> Receive(ArtifactDelivery delivery, CancellationToken cancel = default)
    {
        if (await Verify(delivery.Artifact, cancel) is null) return delivery.Artifact;
        try
        {
            HomeFolder.CreatePrivate(home.Folder);
            HomeFolder.CreatePrivate(home.Artifacts);
            _temporary.Sweep(home.Artifacts);
            await _writer.Receive(delivery, cancel);
            return delivery.Artifact;
        }
        catch (InvalidDataException wrong)
        {
            throw new Problem(
                ProblemCode.DamagedArtifact,
                $"the artifact {delivery.Artifact.Digest[..19]}… of {delivery.Service} isn't what was recorded: "
                    + $"{wrong.Message}.",
                "Copy or export the release again.", Unchanged: Problem.NothingWasStored).ToException(wrong);
        }
        catch (Exception e) when (DiskProblems.From(e, home.Artifacts) is { } problem)
        {
            throw problem.ToException(e);
        }
    }

    public Task<Problem?> Verify(Artifact artifact, CancellationToken cancel = default) =>
        Task.Run(() => VerifyNow(artifact, cancel), cancel);

    /// <summary>
    /// Makes an independent copy of an artifact's files that its owner may write to, unless the copy already exists. It never uses links:
    /// an app that wrote to its files would change the artifact, and all others that share them. Fails with
    /// <see cref="ProblemCode.DamagedArtifact"/> or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="folder">The folder of the copy.</param>
    /// <param name="isKept">Whether the copy is used again after a power failure, so that it has to be on the disk.</param>
    /// <param name="cancel">Cancels the copy.</param>
    public Task Materialize(Artifact artifact, string folder, bool isKept = true, CancellationToken cancel = default) =>
        Task.Run(() => Copy(artifact, folder, isKept, cancel), cancel);

    /// <summary>
    /// Compares a copy with its artifact by content. What differs or is missing is put back if no process runs in the copy. Fails as
    /// <see cref="Materialize"/> does.
    /// </summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="folder">The folder of the copy.</param>
    /// <param name="aside">The folder to which changed files are moved, or null if the copy is in use and nothing may change.</param>
    /// <param name="cancel">Cancels the comparison.</param>
    /// <returns>The paths that differed, in ordinal order.</returns>
    public Task<IReadOnlyList<string>> Repair(
        Artifact artifact, string folder, string? aside, CancellationToken cancel = default) =>
        Task.Run(() => RepairNow(artifact, folder, aside, cancel), cancel);

    /// <summary>Returns the folder of an artifact's files, for reading.</summary>
    internal string FilesOf(string digest) => Stored(digest).Files;

    private Artifact StoreNow(string folder, string assemblyName, CancellationToken cancel)
    {
        if (!Directory.Exists(folder)) throw NothingThere(folder).ToException();
        try
        {
            HomeFolder.CreatePrivate(home.Folder);
            var lookedAt = DigestCache.Now(home);
            var cache = DigestCache.Open(home, folder);
            var published = PublishFolder.Read(folder).Hashed(cache, cancel);
            var program = PublishedProgram.Read(folder, assemblyName);
            HomeFolder.CreatePrivate(home.Artifacts);
            _temporary.Sweep(home.Artifacts);

            var artifact = program with { Digest = published.Digest(), Bytes = published.Bytes };
            if (!Stored(artifact.Digest).IsWhole(published, cache.IsKnownCopy, cancel))
                artifact = _writer.Write(published, artifact, assemblyName, cache, cancel);
            if (lookedAt is { } now && artifact.Digest == published.Digest()) Remember(cache, published, now, artifact);
            return artifact;
        }
        catch (PathTooLongException e)
        {
            throw new Problem(
                ProblemCode.NoPublishOutput,
                $"the publish output has a path that is too long in the rack's home '{home.Folder}'.",
                "Choose a home with a shorter path (CONVOX_HOME or --rack local:<folder>).",
                Unchanged: Problem.NothingWasStored).ToException(e);
        }
        catch (Exception e) when (DiskProblems.From(e, home.Artifacts) is { } problem)
        {
            throw problem.ToException(e);
        }
    }

    private Problem? VerifyNow(Artifact artifact, CancellationToken cancel)
    {
        if (artifact.Kind == ArtifactKind.Image)
            return new(
                ProblemCode.NotSupported, $"{artifact.Reference} is an image; the local rack runs published projects only.",
                "Set 'build' instead of 'image', or use a rack that runs images.");
        var stored = Stored(artifact.Digest);
        if (!stored.Exists) return Damaged(artifact, "is missing");
        try
        {
            var found = PublishFolder.Read(stored.Files).Hashed(null, cancel);
            return found.Digest() == artifact.Digest ? null : Changed(artifact, found);
        }
        catch (Exception e) when (e is ProblemException or IOException or UnauthorizedAccessException)
        {
            return Damaged(artifact, $"can't be read ({e.Message.TrimEnd('.')})");
        }
    }

    private void Copy(Artifact artifact, string folder, bool isKept, CancellationToken cancel)
    {
        if (Directory.Exists(folder)) return;
        var stored = Stored(artifact.Digest);
        if (!stored.Exists) throw Damaged(artifact, "is missing").ToException();
        try
        {
            var parent = Path.GetDirectoryName(folder)!;
            HomeFolder.CreatePrivate(parent);
            _temporary.Sweep(parent);
            using var copy = TemporaryFolders.Create(parent);
            var source = Look(stored, artifact);
            var copied = FolderCopy.Make(
                source, copy.Path, (entry, to) => FolderCopy.Copy(entry, source.Full(entry), to, writable: true, cancel), cancel);
            if (copied.Digest() != artifact.Digest) throw Changed(artifact, copied).ToException();
            if (isKept) DiskFlush.Content(copy.Path);
            copy.MoveTo(folder);
            if (Converts) Optional(() => _writer.Share(stored.Folder, copied));
        }
        catch (Exception e) when (DiskProblems.From(e, folder) is { } problem)
        {
            throw problem.ToException(e);
        }
    }

    private IReadOnlyList<string> RepairNow(Artifact artifact, string folder, string? aside, CancellationToken cancel)
    {
        var stored = Stored(artifact.Digest);
        if (!stored.Exists) throw Damaged(artifact, "is missing").ToException();
        try
        {
            var original = Look(stored, artifact).Hashed(null, cancel);
            if (original.Digest() != artifact.Digest) throw Changed(artifact, original).ToException();
            var repair = new CopyRepair(original, folder);
            var differing = repair.Differences(cancel);
            if (differing.Count == 0 || aside is null) return [.. differing.Select(e => e.Path)];
            var parent = Path.GetDirectoryName(folder)!;
            _temporary.Sweep(parent);
            using var fresh = TemporaryFolders.Create(parent);
            if (!repair.TryPutBack(differing, fresh.Path, aside, cancel)) throw Changed(artifact, original).ToException();
            return [.. differing.Select(e => e.Path)];
        }
        catch (Exception e) when (DiskProblems.From(e, folder) is { } problem)
        {
            throw problem.ToException(e);
        }
    }

    private PublishFolder Look(StoredArtifact stored, Artifact artifact)
    {
        try
        {
            return PublishFolder.Read(stored.Files);
        }
        catch (ProblemException unreadable)
        {
            throw Damaged(artifact, "can't be read").ToException(unreadable);
        }
    }

    private void Remember(DigestCache cache, PublishFolder published, long now, Artifact artifact)
    {
        var stored = Stored(artifact.Digest);
        Optional(() => cache.Save(published, now, entry => Path.Combine(stored.Files, entry.Path)));
    }

    private Problem Changed(Artifact artifact, PublishFolder found)
    {
        // The next publish must not rely on what an earlier one saw.
        Optional(() => DigestCache.Clear(home));
        var file = ArtifactManifest.Read(Stored(artifact.Digest).Folder)?.FirstDifference(found);
        return Damaged(artifact, "was changed after it was stored" + (file is null ? "" : $" ('{file}')"));
    }

    /// <summary>Does work that only saves space or time, and ignores its failure.</summary>
    private static void Optional(Action work)
    {
        try
        {
            work();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The disk is full or read-only, or the artifact is just being removed; the next publish or promotion tries again.
        }
    }

    private StoredArtifact Stored(string digest) => new(home.ArtifactOf(digest));

    private Problem Damaged(Artifact artifact, string how) => new(
        ProblemCode.DamagedArtifact,
        $"the artifact {artifact.Digest[..19]}… in '{home.Artifacts}' {how}. Running services use their own copies and aren't affected.",
        "Publish the same commit again, or promote another release.");

    private static Problem NothingThere(string folder) => new(
        ProblemCode.NoPublishOutput,
        $"there is no publish output '{folder}'.",
        Remedy.Do(Operation.Build, "Publish it again"), Unchanged: Problem.NothingWasStored);
}
