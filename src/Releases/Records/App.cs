using System.Collections.ObjectModel;

namespace Releases;

/// <summary>Represents an app: a named set of services in a rack, with everything recorded about it besides its releases.</summary>
public sealed record App : StoredDocument
{
    /// <summary>Limited because machines and clones come and go.</summary>
    private const int MaxSources = 16;

    /// <summary>The name.</summary>
    public required AppName Name { get; init; }

    /// <summary>The number of the newest release ever made. Numbers have no gaps and are never reused, not even after a deletion.</summary>
    public long LastNumber { get; init; }

    /// <summary>The newest release.</summary>
    public ReleaseId? Latest { get; init; }

    /// <summary>The release that the last successful promotion made active.</summary>
    public ReleaseId? Active { get; init; }

    /// <summary>The promotion that made it active.</summary>
    public PromotionId? ActivePromotion { get; init; }

    /// <summary>The release that was active before it.</summary>
    public ReleaseId? PreviousActive { get; init; }

    /// <summary>The process counts that override the manifest's, per service.</summary>
    public IReadOnlyDictionary<ServiceName, int> Scale { get => field ?? ReadOnlyDictionary<ServiceName, int>.Empty; init; }

    /// <summary>The lock against promotions, or null if there is none.</summary>
    public AppHold? Hold { get; init; }

    /// <summary>The sources that it is built from, latest last; empty if unknown.</summary>
    public IReadOnlyList<AppSource> Sources { get => field ?? []; init; }

    /// <summary>How long its releases keep their artifacts; indefinitely if null, as for an app that an earlier version created.</summary>
    public RetentionSettings? Retention { get; init; }

    /// <summary>The releases that are never pruned.</summary>
    public IReadOnlyList<ReleaseId> Pinned { get => field ?? []; init; }

    /// <summary>Pruned releases whose artifacts haven't been removed yet.</summary>
    public IReadOnlyList<ReleaseId> Pruning { get => field ?? []; init; }

    /// <summary>The newest promotion that was shortened, with all before it; null if none was.</summary>
    public PromotionId? ShortenedTo { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was deleted, if it is a tombstone, which keeps the numbering.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Creates a new app.</summary>
    public static App New(AppName name, Event what) =>
        new() { Name = name, CreatedAt = what.At, CreatedBy = what.By, Retention = RetentionSettings.Default };

    /// <summary>Returns the app recreated from its tombstone, with its numbering continued.</summary>
    public App Revived(Event what) =>
        this with { DeletedAt = null, CreatedAt = what.At, CreatedBy = what.By, Retention = RetentionSettings.Default };

    /// <summary>Returns the app's tombstone.</summary>
    public App Deleted(Event what)
    {
        return this with
        {
            DeletedAt = what.At,
            Latest = null,
            Active = null,
            ActivePromotion = null,
            PreviousActive = null,
            Scale = new Dictionary<ServiceName, int>(),
            Hold = null,
            Sources = [],
            Retention = null,
            Pinned = [],
            Pruning = [],
            ShortenedTo = null,
        };
    }

    /// <summary>Returns the app with another source added.</summary>
    public App From(AppSource? source) => source is null || (Sources.Count > 0 && Sources[^1] == source) ? this
        : this with { Sources = [.. Sources.Where(s => !s.IsSame(source)).TakeLast(MaxSources - 1), source] };

    /// <summary>
    /// Fails with <see cref="ProblemCode.AppExists"/> if the app's name was only derived from the name of a folder that isn't one of its
    /// sources: two folders never share an app silently.
    /// </summary>
    public void RequireFrom(AppSource? here)
    {
        if (here is null || Sources.Count == 0 || Sources.Any(here.IsSame)) return;
        throw new Problem(
            ProblemCode.AppExists, $"the app '{Name}' is built from {Sources[^1]}, and this is {here}.",
            Remedy.Pass(OperationOption.App, $"Name another one, also in {AppFolder.SettingsFolder}/app", "<app>")
                .Or(Remedy.Pass(OperationOption.App, "If it is the same app, name it once", Name.ToString())),
            ProblemKind.Usage, Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>Returns the desired number of processes of a service.</summary>
    public int CountOf(Service service) => Scale.TryGetValue(service.Name, out var count) ? count : service.Scale.Count;

    /// <summary>Returns the app with an override for a service's count, or without one if it is null.</summary>
    public App Scaled(ServiceName service, int? count)
    {
        var scale = Scale.Where(s => s.Key != service).ToDictionary();
        if (count is { } given) scale[service] = given;
        return this with { Scale = scale };
    }

    /// <summary>Fails with <see cref="ProblemCode.AppLocked"/> if the app is locked against promotions.</summary>
    public void RequireUnlocked()
    {
        if (Hold is { } hold)
            throw new Problem(
                ProblemCode.AppLocked, $"{Name} is locked by {hold.By}: \"{hold.Reason.TrimEnd('.')}\".",
                Remedy.Do(Operation.UnlockApp, "Unlock it"), Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>
    /// Fails with <see cref="ProblemCode.AppLocked"/> if the app is locked against promotions, and with
    /// <see cref="ProblemCode.ChangedMeanwhile"/> if another release is active than the one that the promotion is to replace.
    /// </summary>
    public void RequireReadyFor(Promotion promotion)
    {
        RequireUnlocked();
        if (Active != promotion.Previous)
            throw new Problem(
                ProblemCode.ChangedMeanwhile, $"another release of {Name} became active meanwhile.", "Try again.",
                Unchanged: Problem.NothingChanged)
                .ToException();
    }

    /// <summary>Determines whether a promotion that replaces this release may begin: the app isn't locked, and it is active.</summary>
    public bool IsReadyToReplace(ReleaseId? active) => Hold is null && Active == active;

    /// <summary>Determines whether nothing that retention depends on has changed since the app was seen.</summary>
    public bool IsPrunedLike(App seen) =>
        DeletedAt is null
            && (LastNumber, Latest, Active, ActivePromotion) == (seen.LastNumber, seen.Latest, seen.Active, seen.ActivePromotion)
            && (Retention?.Keep, Retention?.Days) == (seen.Retention?.Keep, seen.Retention?.Days)
            && Pinned.SequenceEqual(seen.Pinned) && Pruning.SequenceEqual(seen.Pruning);

    /// <summary>Returns the app after a promotion: a success moves <see cref="Active"/>, anything else doesn't.</summary>
    public App After(Promotion promotion)
    {
        if (promotion.Status != PromotionStatus.Succeeded) return this;
        var previous = Active == promotion.Release ? PreviousActive : Active;
        return this with { Active = promotion.Release, ActivePromotion = promotion.Id, PreviousActive = previous };
    }
}

/// <summary>Represents a lock against promotions of an app.</summary>
/// <param name="By">Who locked it.</param>
/// <param name="At">When it was locked.</param>
/// <param name="Reason">Why it was locked.</param>
public sealed record AppHold(string By, DateTimeOffset At, string Reason) : Extensible;
