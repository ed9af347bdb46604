namespace Releases;

/// <summary>
/// Reports that a rack can't run a release of another kind: one that runs images can't use publish folders, and vice versa.
/// </summary>
internal static class KindMismatch
{
    /// <summary>Returns the problem.</summary>
    /// <param name="release">The release, or what is known of it.</param>
    /// <param name="has">The artifacts that it has.</param>
    /// <param name="rack">The address of the rack that was to receive it.</param>
    /// <param name="runs">The artifacts that this rack runs.</param>
    public static Problem Create(string release, ArtifactKind has, string rack, ArtifactKind runs) => new(
        ProblemCode.NotSupported, $"{release} has {Name(has)}, and {rack} runs {Name(runs)}.",
        Remedy.Do(Operation.Build, "Build the same commit for that rack", OperationOption.Rack, rack), Unchanged: Problem.NothingWasCopied);

    private static string Name(ArtifactKind kind) => kind == ArtifactKind.Image ? "container images" : "publish folders";
}
