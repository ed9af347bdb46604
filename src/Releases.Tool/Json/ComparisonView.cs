namespace Releases.Tool;

/// <summary>The differences between two releases; <c>from</c> is null if no release was active.</summary>
internal sealed record ComparisonView(
    string? From, string To, bool Same, IReadOnlyList<ServiceComparisonView> Services, EnvironmentChangeView Environment,
    IReadOnlyList<string> Manifest)
{
    public static ComparisonView Of(ReleaseComparison comparison) => new(
        comparison.From?.Id.ToString(), comparison.To.Id.ToString(), comparison.IsSame,
        [.. comparison.Services.Select(s => new ServiceComparisonView(
            s.Service.ToString(), ComparisonOutput.TextOf(s.Change), s.From?.Build?.ToString(), s.To?.Build?.ToString(),
            s.From?.Artifact?.Digest, s.To?.Artifact?.Digest))],
        new(comparison.Environment.Added, comparison.Environment.Changed, comparison.Environment.Removed),
        comparison.ManifestLines());
}

/// <summary>A service in the comparison; <c>change</c> is <c>added</c>, <c>removed</c>, <c>changed</c> or <c>same</c>.</summary>
internal sealed record ServiceComparisonView(string Service, string Change, string? FromBuild, string? ToBuild,
    string? FromArtifact, string? ToArtifact);

/// <summary>The environment keys that differ.</summary>
internal sealed record EnvironmentChangeView(IReadOnlyList<string> Add, IReadOnlyList<string> Change, IReadOnlyList<string> Remove);

/// <summary>What a promotion would do; <c>problems</c> are the reasons why it would be refused.</summary>
internal sealed record PlanView(
    string Release, string? Active, ComparisonView Changes, IReadOnlyList<PlannedServiceView> Services, int TimeoutSeconds,
    IReadOnlyList<ErrorView> Problems,
    IReadOnlyList<PlanStepView> Steps, IReadOnlyList<string> Verified);

/// <summary>A service of the plan.</summary>
internal sealed record PlannedServiceView(string Service, int Count, int MinimumPercent, int MaximumPercent);
