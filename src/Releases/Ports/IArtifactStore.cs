namespace Releases;

/// <summary>Where a rack keeps publish folders under the hash of their content.</summary>
public interface IArtifactStore
{
    /// <summary>
    /// Stores a publish folder whole or not at all and says what it is; storing the same content again stores nothing.
    /// Fails with <see cref="ProblemCode.NoPublishOutput"/> or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    Task<Artifact> Store(string folder, string assemblyName, CancellationToken cancel = default);

    /// <summary>
    /// Where the image of a service is pushed before it is released, made where it is missing; null: this rack keeps publish folders.
    /// </summary>
    Task<PushTarget?> ImageTarget(
        AppName app, ServiceName service, CancellationToken cancel = default) => Task.FromResult<PushTarget?>(null);

    /// <summary>
    /// An image that the manifest names, pinned by the digest that its tag stands for at this moment; null if that shows only
    /// when it is promoted: it refers to the environment, or this rack runs no images.
    /// </summary>
    Task<Artifact?> Pin(string image, CancellationToken cancel = default) => Task.FromResult<Artifact?>(null);

    /// <summary>Which kind of artifact it keeps.</summary>
    ArtifactKind Kind { get; }

    /// <summary>
    /// The content of an artifact of this rack, to be stored elsewhere; null: the artifact is only referred to, because its image is in
    /// a registry that isn't the rack's. Fails with <see cref="ProblemCode.DamagedArtifact"/>.
    /// </summary>
    Task<IArtifactContent?> Open(Artifact artifact, CancellationToken cancel = default);

    /// <summary>
    /// Stores an artifact of another rack whole or not at all; pieces that are stored already aren't read. Its digest stays. Fails with
    /// <see cref="ProblemCode.DamagedArtifact"/> if the content isn't what its digest names.
    /// </summary>
    Task<Artifact> Receive(ArtifactDelivery delivery, CancellationToken cancel = default);

    /// <summary>Why an artifact couldn't run on the machines of this rack, as far as the rack can tell without running it; null:
    /// nothing.</summary>
    Task<Problem?> CanRun(Artifact artifact, CancellationToken cancel = default) => Task.FromResult<Problem?>(null);

    /// <summary>What is wrong with a stored artifact (missing, changed), or null.</summary>
    Task<Problem?> Verify(Artifact artifact, CancellationToken cancel = default);
}
