using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents a run of a service's <c>release</c> or <c>verify</c> command in a promotion.</summary>
public sealed record ReleaseCommand : Extensible
{
    /// <summary>The service that it belongs to.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, or null if it is running or its outcome is unknown.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// The exit code, or 128 plus the number of the signal that ended it; null if it hasn't ended or couldn't be started.
    /// </summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines that it printed, without secrets of the environment.</summary>
    public IReadOnlyList<string> LastLines { get => field ?? []; init; }

    /// <summary>Why it fails the promotion, or null if it doesn't.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it couldn't be stopped, so it may still be running.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StillRuns { get; init; }

    /// <summary>The engine's own notes: what it started for the command.</summary>
    public JsonElement? Engine { get; init; }

    /// <summary>Whether it was started and its outcome wasn't recorded.</summary>
    [JsonIgnore]
    public bool IsOpen => EndedAt is null;
}
