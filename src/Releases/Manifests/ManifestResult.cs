namespace Releases;

/// <summary>Represents the result of reading <c>convox.yml</c>.</summary>
/// <param name="Manifest">The manifest, or null if there is a problem.</param>
/// <param name="Problems">All problems with it, with line and column, in the order of the lines.</param>
/// <param name="Warnings">Convox settings that are ignored here, once each.</param>
public sealed record ManifestResult(Manifest? Manifest, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> Warnings)
{
    /// <summary>Those of the warnings that concern only local racks.</summary>
    public IReadOnlyList<Problem> WarningsOfLocalRack { get; init; } = [];

    /// <summary>Returns the manifest, or fails with all problems at once.</summary>
    public Manifest Require() => Manifest ?? throw new ProblemException(Problems);
}
