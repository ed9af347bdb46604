using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the result of comparing a service's new processes with its old ones, with its figures.</summary>
public sealed record Verdict : Extensible
{
    /// <summary>The service.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>The outcome.</summary>
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>
    /// The reason, as the text that follows the service's name, such as <c>answered 7.1 % with 5xx (before: 0.2 %)</c>; null if there is
    /// none.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>The number of requests of the new processes.</summary>
    public long Requests { get; init; }

    /// <summary>The number of those that failed, with a 5xx response or a failed connection.</summary>
    public long Errors { get; init; }

    /// <summary>The number of those that waited too long for an answer, compared with the old processes.</summary>
    public long Unanswered { get; init; }

    /// <summary>The new processes' p95 in milliseconds, or null if there were too few requests.</summary>
    public double? P95 { get; init; }

    /// <summary>The number of requests of the old processes in the comparison.</summary>
    public long RequestsBefore { get; init; }

    /// <summary>The number of those that failed.</summary>
    public long ErrorsBefore { get; init; }

    /// <summary>The number of those that waited that long.</summary>
    public long UnansweredBefore { get; init; }

    /// <summary>The old processes' p95 in milliseconds, or null if there were too few requests.</summary>
    public double? P95Before { get; init; }
}

/// <summary>Specifies the outcome of a comparison.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerdictOutcome>))]
public enum VerdictOutcome
{
    /// <summary>The service wasn't judged, because it had no traffic or its requests aren't counted.</summary>
    [JsonStringEnumMemberName("notJudged")] NotJudged,

    /// <summary>The new processes are as good as the old ones, within the limits.</summary>
    [JsonStringEnumMemberName("good")] Good,

    /// <summary>The new processes exceed a limit, so everything is rolled back.</summary>
    [JsonStringEnumMemberName("bad")] Bad,
}
