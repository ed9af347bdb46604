using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>One service in a promotion.</summary>
public sealed record PromotionService : Extensible
{
    /// <summary>The service.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>Its status.</summary>
    public ServiceStatus Status { get; init; } = ServiceStatus.Waiting;

    /// <summary>Why it failed or is stuck.</summary>
    public string? Reason { get; init; }

    /// <summary>The last lines that a failed process printed, without values of the environment.</summary>
    public IReadOnlyList<string> LastLines { get => field ?? []; init; }

    /// <summary>Warnings though nothing failed, such as files that the old processes left in their release's folder.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; }

    /// <summary>How many processes it should have.</summary>
    public int Desired { get; init; }

    /// <summary>How many new processes run, healthy or not.</summary>
    public int Running { get; init; }

    /// <summary>How many new processes are healthy.</summary>
    public int Healthy { get; init; }

    /// <summary>How many old processes are left.</summary>
    public int Old { get; init; }

    /// <summary>The new processes' share of the traffic in percent, where the rack itself moves it; null: the plan says.</summary>
    public int? Share { get; init; }

    /// <summary>What the rack itself does with it now, for people, as a stage of ECS; null: nothing to say.</summary>
    public string? Stage { get; init; }

    /// <summary>Whether it moves when every other service is ready, and is the first to be rolled back.</summary>
    public bool MovesLast { get; init; }

    /// <summary>When the engine saw it complete.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The engine's own notes: the version before, the requests, the answers.</summary>
    public JsonElement? Engine { get; init; }

    /// <summary>When it reached each status.</summary>
    public IReadOnlyList<ServiceStep> Timeline { get => field ?? []; init; }

    /// <summary>Whether it was complete by this time.</summary>
    internal bool IsCompleteBy(DateTimeOffset limit) => Status == ServiceStatus.Complete && CompletedAt <= limit;

    /// <summary>The same service at another status; the timeline tells when.</summary>
    public PromotionService At(ServiceStatus status, DateTimeOffset now) =>
        status == Status && Timeline.Count > 0 ? this : this with { Status = status, Timeline = [.. Timeline, new(status, now)] };
}

/// <summary>One entry of a service's timeline.</summary>
/// <param name="Status">The status that it came to.</param>
/// <param name="At">When.</param>
public sealed record ServiceStep(ServiceStatus Status, DateTimeOffset At) : Extensible;

/// <summary>The status of a service in a promotion.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceStatus>))]
public enum ServiceStatus
{
    /// <summary>The engine was not asked for it yet, or it moves last.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>New processes are being started.</summary>
    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>As many new processes as desired are healthy; the old ones can still take the traffic back.</summary>
    [JsonStringEnumMemberName("healthy")] Healthy,

    /// <summary>The new processes have the traffic; the old ones finish their requests.</summary>
    [JsonStringEnumMemberName("draining")] Draining,

    /// <summary>Healthy with all the traffic.</summary>
    [JsonStringEnumMemberName("complete")] Complete,

    /// <summary>It made the promotion fail.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It rolls back to what it had before.</summary>
    [JsonStringEnumMemberName("rollingBack")] RollingBack,

    /// <summary>Its rollback is verified.</summary>
    [JsonStringEnumMemberName("rolledBack")] RolledBack,

    /// <summary>It is unknown which version it runs.</summary>
    [JsonStringEnumMemberName("stuck")] Stuck,
}
