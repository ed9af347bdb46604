namespace Releases;

/// <summary>What reading <c>convox.yml</c> came to.</summary>
/// <param name="Manifest">The manifest; null if there is a problem.</param>
/// <param name="Problems">Everything that is wrong with it, with line and column, in the order of the lines.</param>
/// <param name="Warnings">What Convox knows and is ignored here, once each.</param>
public sealed record ManifestResult(Manifest? Manifest, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> Warnings)
{
    /// <summary>The manifest, or all problems at once.</summary>
    public Manifest Require() => Manifest ?? throw new ProblemException(Problems);
}
