using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents a build: its artifacts, or why it failed.</summary>
public sealed record Build : StoredDocument
{
    /// <summary>
    /// The maximum number of characters of a log piece. In UTF-8 and with its key, a piece stays below DynamoDB's limit of 400 KB per item.
    /// </summary>
    public const int MaxLogPart = 64 * 1024;

    /// <summary>How often a running build renews its record.</summary>
    internal static readonly TimeSpan Pace = TimeSpan.FromSeconds(20);

    /// <summary>A build that wasn't renewed for this long is considered ended; long enough for clocks that differ by a minute.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(3);

    /// <summary>How far the clock of the machine that builds may be ahead.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    /// <summary>The id.</summary>
    public required BuildId Id { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>Its status.</summary>
    public required BuildStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The full commit hash, or null outside of git.</summary>
    public string? Commit { get; init; }

    /// <summary>The description from the user or git; may be empty.</summary>
    public string Description { get => field ?? ""; init; }

    /// <summary>The artifacts that it produced, per service.</summary>
    public IReadOnlyDictionary<ServiceName, Artifact> Artifacts { get => field ?? ReadOnlyDictionary<ServiceName, Artifact>.Empty; init; }

    /// <summary>The release made from it, or the existing one with the same content.</summary>
    public ReleaseId? Release { get; init; }

    /// <summary>For artifacts that were built elsewhere, the release that they were copied from.</summary>
    public ReleaseOrigin? Origin { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its record was last renewed.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>
    /// Returns the build with its effective status: one that is recorded as running but wasn't renewed for <see cref="MaxSilence"/> has
    /// failed, because a killed process can't record that, and so has one of a future day, whose clock was wrong. If it is renewed later,
    /// it is running again.
    /// </summary>
    public Build AsOf(DateTimeOffset now)
    {
        var heard = HeardAt ?? StartedAt;
        var silence = now - heard;
        return Status != BuildStatus.Running || (silence < MaxSilence && silence > -MaxAhead) ? this : this with
        {
            Status = BuildStatus.Failed,
            Reason = "the build process ended without reporting a result.",
            EndedAt = heard,
        };
    }
}

/// <summary>Specifies the status of a build.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BuildStatus>))]
public enum BuildStatus
{
    /// <summary>The build is running.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>The build succeeded, and its release exists.</summary>
    [JsonStringEnumMemberName("complete")] Complete,

    /// <summary>The build made no release.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}
