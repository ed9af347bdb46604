namespace Releases;

/// <summary>Finds what prevents a release from running, whatever would run it: its plan, and its artifacts.</summary>
internal static class ReleaseObstacles
{
    /// <summary>Returns every obstacle, or none.</summary>
    public static async Task<List<Problem>> Find(ReleasePlan plan, IArtifactStore artifacts, CancellationToken cancel)
    {
        var problems = new List<Problem>(plan.Problems);
        foreach (var artifact in plan.Services.Select(s => s.Content.Artifact!).DistinctBy(a => a.Digest))
            if (await artifacts.Verify(artifact, cancel) is { } damaged) problems.Add(damaged);
        return problems;
    }
}
