using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>One build: its artifacts, or why it failed.</summary>
public sealed record Build : StoredDocument
{
    /// <summary>The most characters that one piece of a log has; in UTF-8 and with its key it stays below DynamoDB's 400 KB an
    /// item.</summary>
    public const int MaxLogPart = 64 * 1024;

    /// <summary>How often a running build renews its record.</summary>
    internal static readonly TimeSpan Pace = TimeSpan.FromSeconds(20);

    /// <summary>A build without renewal for this long has ended; long enough for clocks that differ by a minute.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(3);

    /// <summary>The id.</summary>
    public required BuildId Id { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>Its status.</summary>
    public required BuildStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The full commit hash; null outside git.</summary>
    public string? Commit { get; init; }

    /// <summary>What the user or git says about it; may be empty.</summary>
    public string Description { get => field ?? ""; init; }

    /// <summary>What it produced, per service.</summary>
    public IReadOnlyDictionary<ServiceName, Artifact> Artifacts { get => field ?? ReadOnlyDictionary<ServiceName, Artifact>.Empty; init; }

    /// <summary>The release made of it, or the one that had the same content already.</summary>
    public ReleaseId? Release { get; init; }

    /// <summary>For artifacts that were built elsewhere: the release that they were copied from.</summary>
    public ReleaseOrigin? Origin { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its record was last renewed.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Who ran it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>
    /// What it is by now: one that runs and was not heard of for <see cref="MaxSilence"/> has failed, because a killed one can't
    /// write that down. Should it be heard of again, it runs again.
    /// </summary>
    public Build AsOf(DateTimeOffset now)
    {
        var heard = HeardAt ?? StartedAt;
        return Status != BuildStatus.Running || now - heard < MaxSilence ? this : this with
        {
            Status = BuildStatus.Failed,
            Reason = "the build process ended without reporting a result.",
            EndedAt = heard,
        };
    }
}

/// <summary>The status of a build.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BuildStatus>))]
public enum BuildStatus
{
    /// <summary>It is running.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>It succeeded, and its release exists.</summary>
    [JsonStringEnumMemberName("complete")] Complete,

    /// <summary>It made no release.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}
