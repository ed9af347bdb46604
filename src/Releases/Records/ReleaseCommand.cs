using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>The run of a service's <c>release</c> or <c>verify</c> command in a promotion.</summary>
public sealed record ReleaseCommand : Extensible
{
    /// <summary>The service that it belongs to.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null: it is running, or its outcome is unknown.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended, or 128 and the number of the signal that ended it; null: it has not, or could not be started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines that it printed, without values of the environment.</summary>
    public IReadOnlyList<string> LastLines { get => field ?? []; init; }

    /// <summary>Why a <c>verify</c> command makes the promotion fail; null: it doesn't.</summary>
    public string? Failure { get; init; }

    /// <summary>The engine's own notes: what it started for it.</summary>
    public JsonElement? Engine { get; init; }

    /// <summary>Whether it was begun and its outcome was not recorded.</summary>
    [JsonIgnore]
    public bool IsOpen => EndedAt is null;
}
