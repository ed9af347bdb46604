using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>An immutable, numbered record of what was built and with which environment.</summary>
public sealed record Release : StoredDocument
{
    /// <summary>The id.</summary>
    public required ReleaseId Id { get; init; }

    /// <summary>1, 2, …: orders the releases of an app, without gap.</summary>
    public required long Number { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>Exactly the services of the manifest; one without an artifact leaves the release incomplete.</summary>
    public required IReadOnlyDictionary<ServiceName, ReleaseService> Services { get; init; }

    /// <summary>The hash under which the manifest's text is stored; null for a release of environment alone before the first
    /// build.</summary>
    public ManifestId? Manifest { get; init; }

    /// <summary>The environment snapshot; null while the app has no variables.</summary>
    public SnapshotId? Environment { get; init; }

    /// <summary>Its description; may be empty.</summary>
    public string Description { get => field ?? ""; init; }

    /// <summary>The build that made it, else its base's.</summary>
    public BuildId? Build { get; init; }

    /// <summary>The commit of that build.</summary>
    public string? Commit { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The release that gave what this one did not bring itself.</summary>
    public ReleaseId? BasedOn { get; init; }

    /// <summary>For a rollback: the release that it copies (never itself a copy).</summary>
    public ReleaseId? CopyOf { get; init; }

    /// <summary>For a release of another app or rack: where it was copied from.</summary>
    public ReleaseOrigin? Origin { get; init; }

    /// <summary>The number of the oldest release that can be rolled back to while this one is active; null: any.</summary>
    public long? Oldest { get; init; }

    /// <summary>For a rollback of single services: the release that each has its artifact from. Empty for any other release.</summary>
    public IReadOnlyDictionary<ServiceName, ReleaseId> Restores { get => field ?? ReadOnlyDictionary<ServiceName, ReleaseId>.Empty; init; }

    /// <summary>When its artifacts were given up, so that it can no longer be promoted; null: it has them. Added later to the
    /// document.</summary>
    public DateTimeOffset? PrunedAt { get; init; }

    /// <summary>How its last promotion ended; kept apart from the immutable content.</summary>
    [JsonIgnore]
    public PromotionStatus? LastOutcome { get; init; }

    /// <summary>What two releases share when one is a copy of the other.</summary>
    [JsonIgnore]
    public ReleaseId Content => CopyOf ?? Id;

    /// <summary>Whether it takes something back to an older release.</summary>
    [JsonIgnore]
    public bool IsRollback => CopyOf is not null || Restores.Count > 0;

    /// <summary>The releases that it has artifacts from.</summary>
    [JsonIgnore]
    public IEnumerable<ReleaseId> Sources => new[] { BasedOn, CopyOf }.OfType<ReleaseId>().Concat(Restores.Values);

    /// <summary>The services that have no artifact yet, sorted.</summary>
    [JsonIgnore]
    public IReadOnlyList<ServiceName> Missing => [.. Services.Where(s => s.Value.Artifact is null).Select(s => s.Key).Order()];

    /// <summary>Fails with <see cref="ProblemCode.Pruned"/> if its artifacts are gone.</summary>
    public void RequireNotPruned()
    {
        if (Pruned() is { } problem) throw problem.ToException();
    }

    /// <summary>The problem of using it without its artifacts; null: it has them.</summary>
    public Problem? Pruned() => PrunedAt is not { } at ? null : new(
        ProblemCode.Pruned,
        $"v{Number} ({Id}) was pruned on {at.UtcDateTime:yyyy-MM-dd}: its record is kept, its artifacts were removed. Nothing changed.",
        Remedy.Do(Operation.Build, Commit is { } commit
            ? $"To get it back, check out {commit[..Math.Min(10, commit.Length)]} and build it"
            : "To get it back, build the same source again"));
}

/// <summary>What a release holds of one service.</summary>
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

    /// <summary>The project that is this service, relative to the app's folder, with <c>/</c>.</summary>
    public string? Project { get; init; }

    /// <summary>How its artifact came about; null: it was built by a version that recorded nothing, or it is an image of another
    /// registry.</summary>
    public ServiceEvidence? Evidence { get; init; }
}
