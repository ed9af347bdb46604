using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents an immutable, numbered record of what was built and of the environment it runs with.</summary>
public sealed record Release : StoredDocument
{
    /// <summary>The id.</summary>
    public required ReleaseId Id { get; init; }

    /// <summary>The number: 1, 2, …, without gaps, in the order of the app's releases.</summary>
    public required long Number { get; init; }

    /// <summary>How sentences name it, the number first because people know a release by it: <c>v12 (ROCHMCOUESG)</c>.</summary>
    [JsonIgnore]
    public string Label => $"v{Number} ({Id})";

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The services, exactly those of the manifest; one without an artifact leaves the release incomplete.</summary>
    public required IReadOnlyDictionary<ServiceName, ReleaseService> Services { get; init; }

    /// <summary>The hash that identifies the manifest's text; null for a release of only an environment before the first build.</summary>
    public ManifestId? Manifest { get; init; }

    /// <summary>The environment snapshot, or null if the app has no variables.</summary>
    public SnapshotId? Environment { get; init; }

    /// <summary>Its description; may be empty.</summary>
    public string Description { get => field ?? ""; init; }

    /// <summary>The build that made it, else that of its base.</summary>
    public BuildId? Build { get; init; }

    /// <summary>The commit of that build.</summary>
    public string? Commit { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The release that provides what this one doesn't provide itself.</summary>
    public ReleaseId? BasedOn { get; init; }

    /// <summary>For a rollback, the release that it copies, which is never a copy itself.</summary>
    public ReleaseId? CopyOf { get; init; }

    /// <summary>For a build that was made again on another base, the release that was made first.</summary>
    public ReleaseId? RemadeFrom { get; init; }

    /// <summary>For a copy from another app or rack, the original release.</summary>
    public ReleaseOrigin? Origin { get; init; }

    /// <summary>The number of the oldest release that can be rolled back to while this one is active, or null if any can.</summary>
    public long? Oldest { get; init; }

    /// <summary>For a rollback of single services, the release that each takes its artifact from. Empty for any other release.</summary>
    public IReadOnlyDictionary<ServiceName, ReleaseId> Restores { get => field ?? ReadOnlyDictionary<ServiceName, ReleaseId>.Empty; init; }

    /// <summary>When it was pruned, so that it can no longer be promoted; null if it wasn't. Added to the document later.</summary>
    public DateTimeOffset? PrunedAt { get; init; }

    /// <summary>The outcome of its last promotion; stored separately from the immutable content.</summary>
    [JsonIgnore]
    public PromotionStatus? LastOutcome { get; init; }

    /// <summary>The id that a release shares with its copies.</summary>
    [JsonIgnore]
    public ReleaseId Content => CopyOf ?? Id;

    /// <summary>Whether it restores something of an older release.</summary>
    [JsonIgnore]
    public bool IsRollback => CopyOf is not null || Restores.Count > 0;

    /// <summary>The releases that it takes artifacts from.</summary>
    [JsonIgnore]
    public IEnumerable<ReleaseId> Sources => new[] { BasedOn, CopyOf, RemadeFrom }.OfType<ReleaseId>().Concat(Restores.Values);

    /// <summary>The services that have no artifact yet, sorted.</summary>
    [JsonIgnore]
    public IReadOnlyList<ServiceName> Missing => [.. Services.Where(s => s.Value.Artifact is null).Select(s => s.Key).Order()];

    /// <summary>Whether it has services, and an artifact of each.</summary>
    [JsonIgnore]
    public bool IsComplete => Services.Count > 0 && Missing.Count == 0;

    /// <summary>Fails with <see cref="ProblemCode.Pruned"/> if it was pruned.</summary>
    public void RequireNotPruned()
    {
        if (Pruned() is { } problem) throw problem.ToException();
    }

    /// <summary>Returns the problem that it was pruned, or null if it wasn't.</summary>
    public Problem? Pruned() => PrunedAt is not { } at ? null : new(
        ProblemCode.Pruned,
        $"{Label} was pruned on {at.UtcDateTime:yyyy-MM-dd}: only its record is kept.",
        Remedy.Do(Operation.Build, Commit is { } commit
            ? $"To get it back, check out {commit[..Math.Min(10, commit.Length)]} and build it"
            : "To get it back, build the same source again"), Unchanged: Problem.NothingChanged);
}

/// <summary>Represents one service of a release.</summary>
public sealed record ReleaseService : Extensible
{
    /// <summary>The artifact; null before the service's first publish.</summary>
    public Artifact? Artifact { get; init; }

    /// <summary>The build that produced it.</summary>
    public BuildId? Build { get; init; }

    /// <summary>That build's description.</summary>
    public string BuildDescription { get => field ?? ""; init; }

    /// <summary>That build's full commit hash.</summary>
    public string? Commit { get; init; }

    /// <summary>The path of the service's project relative to the app's folder, with <c>/</c> as the separator.</summary>
    public string? Project { get; init; }

    /// <summary>
    /// How its artifact was made; null if the version that built it recorded nothing, or if it is an image of another registry.
    /// </summary>
    public ServiceEvidence? Evidence { get; init; }
}
