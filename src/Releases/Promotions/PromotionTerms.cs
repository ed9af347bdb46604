using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents what a person chose for a promotion. The options, the request, the record and the rollout all have it, so what the engine has
/// to know of a new option is added here, and its stored name to <see cref="Promotion.Terms"/>.
/// </summary>
public record PromotionTerms
{
    /// <summary>The time limit; the manifest's if null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether to run the <c>release</c> commands even if the release isn't new.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RunRelease { get; init; }

    /// <summary>Whether to promote even if no process would run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowEmpty { get; init; }

    /// <summary>How long to wait for an approval before the traffic moves, and then roll back; null not to wait.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TimeSpan? HoldFor { get; init; }

    /// <summary>Whether to start even while someone else's deployment of a service is in flight, and supersede it.</summary>
    [JsonIgnore]
    public bool Supersede { get; init; }

    /// <summary>The deployments that it may supersede, because they were shown before; null for any.</summary>
    [JsonIgnore]
    public IReadOnlyList<SupersededDeployment>? Superseded { get; init; }

    /// <summary>Whether it waits for an approval before the traffic moves.</summary>
    [JsonIgnore]
    public bool Holds => HoldFor is not null;
}
