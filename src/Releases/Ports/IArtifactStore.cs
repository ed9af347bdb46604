namespace Releases;

/// <summary>Where a rack keeps publish folders under the hash of their content.</summary>
public interface IArtifactStore
{
    /// <summary>
    /// Stores a publish folder whole or not at all and says what it is; storing the same content again stores nothing.
    /// Fails with <see cref="ProblemCode.NoPublishOutput"/> or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    Task<Artifact> Store(string folder, string assemblyName, CancellationToken cancel = default);

    /// <summary>What is wrong with a stored artifact (missing, changed), or null.</summary>
    Task<Problem?> Verify(Artifact artifact, CancellationToken cancel = default);
}
