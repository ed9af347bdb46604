namespace Releases;

/// <summary>Stores publish folders or images, identified by the hash of their content.</summary>
public interface IArtifactStore
{
    /// <summary>
    /// Stores a publish folder atomically, and returns its artifact; storing the same content again stores nothing. Fails with
    /// <see cref="ProblemCode.NoPublishOutput"/> or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    Task<Artifact> Store(string folder, string assemblyName, CancellationToken cancel = default);

    /// <summary>
    /// Returns where to push the image of a service before its release, creating the repository if needed; null if this rack stores publish
    /// folders.
    /// </summary>
    Task<PushTarget?> ImageTarget(
        AppName app, ServiceName service, CancellationToken cancel = default) => Task.FromResult<PushTarget?>(null);

    /// <summary>
    /// Pins an image that the manifest names to the digest that its tag currently has. Returns null if that is only known at promotion,
    /// because the name refers to the environment, or if this rack doesn't run images.
    /// </summary>
    Task<Artifact?> Pin(string image, CancellationToken cancel = default) => Task.FromResult<Artifact?>(null);

    /// <summary>The kind of artifact that it stores.</summary>
    ArtifactKind Kind { get; }

    /// <summary>
    /// Opens the content of an artifact of this rack, to store it elsewhere. Returns null if the artifact is only referenced, because its
    /// image is in a registry that isn't the rack's. Fails with <see cref="ProblemCode.DamagedArtifact"/>.
    /// </summary>
    Task<IArtifactContent?> Open(Artifact artifact, CancellationToken cancel = default);

    /// <summary>
    /// Stores an artifact of another rack atomically, with the same digest; pieces that are already stored aren't read. Fails with
    /// <see cref="ProblemCode.DamagedArtifact"/> if the content doesn't match its digest.
    /// </summary>
    Task<Artifact> Receive(ArtifactDelivery delivery, CancellationToken cancel = default);

    /// <summary>
    /// Returns why an artifact couldn't run on the machines of this rack, as far as the rack can tell without running it, or null.
    /// </summary>
    Task<Problem?> CanRun(Artifact artifact, IReadOnlyDictionary<string, string> environment, CancellationToken cancel = default) =>
        Task.FromResult<Problem?>(null);

    /// <summary>Returns what is wrong with a stored artifact (missing or changed), or null.</summary>
    Task<Problem?> Verify(Artifact artifact, CancellationToken cancel = default);
}
