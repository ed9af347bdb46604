using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents one service in a promotion.</summary>
public sealed record PromotionService : Extensible
{
    /// <summary>More than a service reaches that isn't flapping; each change writes the whole record.</summary>
    private const int MaxSteps = 40;

    /// <summary>The service.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>Its status.</summary>
    public ServiceStatus Status { get; init; } = ServiceStatus.Waiting;

    /// <summary>Why it failed or is stuck.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Why it is rolled back, while <see cref="Reason"/> is what its rollback waits for; empty if that is unknown, and null if it waits for
    /// nothing.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>The last lines that a failed process printed, without secrets of the environment.</summary>
    public IReadOnlyList<string> LastLines { get => field ?? []; init; }

    /// <summary>Warnings although nothing failed, such as about files that the old processes left in their release's folder.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; }

    /// <summary>The desired number of processes.</summary>
    public int Desired { get; init; }

    /// <summary>The number of new processes that are running, healthy or not.</summary>
    public int Running { get; init; }

    /// <summary>The number of new processes that are healthy.</summary>
    public int Healthy { get; init; }

    /// <summary>The number of old processes that are left.</summary>
    public int Old { get; init; }

    /// <summary>The new processes' share of the traffic in percent, if the rack itself moves it; null if the plan determines it.</summary>
    public int? Share { get; init; }

    /// <summary>
    /// What the rack itself is doing with the service, for display, such as a stage of ECS; null if there is nothing to show.
    /// </summary>
    public string? Stage { get; init; }

    /// <summary>Whether it moves once every other service is ready, and is the first to be rolled back.</summary>
    public bool MovesLast { get; init; }

    /// <summary>When it was observed to be complete, by the clock of the promotion's limits.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The engine's own notes: the previous version, the requests, the responses.</summary>
    public JsonElement? Engine { get; init; }

    /// <summary>When it reached each status; of a service whose health keeps changing, the first and the last changes.</summary>
    public IReadOnlyList<ServiceStep> Timeline { get => field ?? []; init; }

    /// <summary>Determines whether it was complete by this time.</summary>
    internal bool IsCompleteBy(DateTimeOffset limit) => Status == ServiceStatus.Complete && CompletedAt <= limit;

    /// <summary>Returns the service with another status, which is added to the timeline.</summary>
    public PromotionService At(ServiceStatus status, DateTimeOffset now) =>
        status == Status && Timeline.Count > 0 ? this : this with { Status = status, Timeline = Append(new(status, now)) };

    private IReadOnlyList<ServiceStep> Append(ServiceStep step)
    {
        if (Timeline.Count < MaxSteps) return [.. Timeline, step];
        var (left, next) = (Timeline[MaxSteps / 2], Timeline[(MaxSteps / 2) + 1]);
        return
        [
            .. Timeline.Take(MaxSteps / 2), next with { Omitted = left.Omitted + 1 + next.Omitted },
            .. Timeline.Skip((MaxSteps / 2) + 2), step,
        ];
    }
}

/// <summary>Represents one entry of a service's timeline.</summary>
/// <param name="Status">The status that was reached.</param>
/// <param name="At">When it was reached.</param>
public sealed record ServiceStep(ServiceStatus Status, DateTimeOffset At) : Extensible
{
    /// <summary>The number of changes right before it that aren't recorded, because the service's health kept changing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Omitted { get; init; }
}

/// <summary>Specifies the status of a service in a promotion.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceStatus>))]
public enum ServiceStatus
{
    /// <summary>The engine wasn't asked to start it yet, or it moves last.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>New processes are being started.</summary>
    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>As many new processes as desired are healthy; the old ones can still take the traffic back.</summary>
    [JsonStringEnumMemberName("healthy")] Healthy,

    /// <summary>The new processes have the traffic; the old ones finish their requests.</summary>
    [JsonStringEnumMemberName("draining")] Draining,

    /// <summary>It is healthy with all the traffic.</summary>
    [JsonStringEnumMemberName("complete")] Complete,

    /// <summary>It caused the promotion to fail.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It is being rolled back.</summary>
    [JsonStringEnumMemberName("rollingBack")] RollingBack,

    /// <summary>Its rollback is verified.</summary>
    [JsonStringEnumMemberName("rolledBack")] RolledBack,

    /// <summary>It is unknown which version it runs.</summary>
    [JsonStringEnumMemberName("stuck")] Stuck,
}
