using System.Text.Json.Serialization;

namespace Releases;

/// <summary>What the comparison of a service's new processes with its old ones came to, with its figures.</summary>
public sealed record Verdict : Extensible
{
    /// <summary>The service.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>What it came to.</summary>
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>Why: what follows the service's name, such as <c>answered 7.1 % with 5xx (before: 0.2 %)</c>; null: nothing to
    /// say.</summary>
    public string? Reason { get; init; }

    /// <summary>How many requests the new processes had.</summary>
    public long Requests { get; init; }

    /// <summary>How many of them failed: a 5xx answer, or a failed connection.</summary>
    public long Errors { get; init; }

    /// <summary>The new processes' p95 in milliseconds; null: too few requests.</summary>
    public double? P95 { get; init; }

    /// <summary>How many requests the old processes had that they are compared with.</summary>
    public long RequestsBefore { get; init; }

    /// <summary>How many of those failed.</summary>
    public long ErrorsBefore { get; init; }

    /// <summary>The old processes' p95 in milliseconds; null: too few requests.</summary>
    public double? P95Before { get; init; }
}

/// <summary>What a verdict came to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerdictOutcome>))]
public enum VerdictOutcome
{
    /// <summary>Unknown: there was no traffic, or nobody counts it.</summary>
    [JsonStringEnumMemberName("notJudged")] NotJudged,

    /// <summary>As good as the old processes, within the limits.</summary>
    [JsonStringEnumMemberName("good")] Good,

    /// <summary>Beyond a limit: everything is rolled back.</summary>
    [JsonStringEnumMemberName("bad")] Bad,
}
