namespace Releases;

/// <summary>Removes the artifacts that pruned releases leave behind. Releases are marked as pruned before this is called.</summary>
public interface IArtifactRemoval
{
    /// <summary>The maximum number of releases that are pruned in one write.</summary>
    int MaxPerWrite { get; }

    /// <summary>Determines whether the rack may remove an artifact; it doesn't own an image that <c>convox.yml</c> names.</summary>
    bool Owns(Artifact artifact);

    /// <summary>Returns the maximum number of bytes that pruning these releases would free.</summary>
    Task<long> Measure(AppName app, IReadOnlyList<Release> going, CancellationToken cancel = default);

    /// <summary>
    /// Removes the artifacts of pruned releases that no other release has. Harmless when repeated, and when two processes do it at once.
    /// Returns false if it has to be done later, because a running build may have found one of the artifacts in the store.
    /// </summary>
    Task<bool> Remove(AppName app, IReadOnlyList<Release> pruned, CancellationToken cancel = default);
}
