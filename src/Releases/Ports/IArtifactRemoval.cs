namespace Releases;

/// <summary>Removes the artifacts that pruned releases leave behind. The records say that they are pruned before it is asked.</summary>
public interface IArtifactRemoval
{
    /// <summary>How many releases are pruned in one write.</summary>
    int MaxPerWrite { get; }

    /// <summary>Whether an artifact is the rack's own to remove; an image that <c>convox.yml</c> names isn't.</summary>
    bool Owns(Artifact artifact);

    /// <summary>How many bytes it would free if these releases were pruned, at most.</summary>
    Task<long> Measure(AppName app, IReadOnlyList<Release> going, CancellationToken cancel = default);

    /// <summary>
    /// Removes what these pruned releases had and no other release has. Harmless when repeated, and when two processes do it at once.
    /// False: a build is running that may have found one of the artifacts stored, so it is to be done later.
    /// </summary>
    Task<bool> Remove(AppName app, IReadOnlyList<Release> pruned, CancellationToken cancel = default);
}
