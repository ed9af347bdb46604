using System.Collections.ObjectModel;

namespace Releases;

/// <summary>A named set of services in a rack, and what a rack remembers of it besides its releases.</summary>
public sealed record App : StoredDocument
{
    /// <summary>Machines and clones come and go.</summary>
    private const int MaxSources = 16;

    /// <summary>The name.</summary>
    public required AppName Name { get; init; }

    /// <summary>The number of the newest release ever made; numbers have no gap and are never reused, not even after a deletion.</summary>
    public long LastNumber { get; init; }

    /// <summary>The newest release.</summary>
    public ReleaseId? Latest { get; init; }

    /// <summary>The release that the last successful promotion put in place.</summary>
    public ReleaseId? Active { get; init; }

    /// <summary>The promotion that put it in place.</summary>
    public PromotionId? ActivePromotion { get; init; }

    /// <summary>The release that was active before.</summary>
    public ReleaseId? PreviousActive { get; init; }

    /// <summary>Counts that override the manifest's, per service.</summary>
    public IReadOnlyDictionary<ServiceName, int> Scale { get => field ?? ReadOnlyDictionary<ServiceName, int>.Empty; init; }

    /// <summary>Why nothing may be promoted; null: it may.</summary>
    public AppHold? Hold { get; init; }

    /// <summary>Where it is built from, the latest last; none: unknown yet.</summary>
    public IReadOnlyList<AppSource> Sources { get => field ?? []; init; }

    /// <summary>How long its releases keep their artifacts; null: all of them do, as in an app that an earlier version made.</summary>
    public RetentionSettings? Retention { get; init; }

    /// <summary>The releases that are never pruned.</summary>
    public IReadOnlyList<ReleaseId> Pinned { get => field ?? []; init; }

    /// <summary>Pruned releases whose artifacts are still to be removed.</summary>
    public IReadOnlyList<ReleaseId> Pruning { get => field ?? []; init; }

    /// <summary>The newest promotion that is kept as a line, with all before it; null: none is.</summary>
    public PromotionId? ShortenedTo { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was deleted; the tombstone keeps the name's numbers.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>A new app.</summary>
    public static App New(AppName name, Event what) =>
        new() { Name = name, CreatedAt = what.At, CreatedBy = what.By, Retention = RetentionSettings.Default };

    /// <summary>The app recreated from its tombstone: its numbers continue.</summary>
    public App Revived(Event what) =>
        this with { DeletedAt = null, CreatedAt = what.At, CreatedBy = what.By, Retention = RetentionSettings.Default };

    /// <summary>The app's tombstone.</summary>
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

    /// <summary>The app that is known to be built from there, too.</summary>
    public App From(AppSource? source) => source is null || (Sources.Count > 0 && Sources[^1] == source) ? this
        : this with { Sources = [.. Sources.Where(s => !s.IsSame(source)).TakeLast(MaxSources - 1), source] };

    /// <summary>
    /// Fails with <see cref="ProblemCode.AppExists"/> if the app's name only comes from the name of a folder that isn't its own:
    /// two folders never share an app silently.
    /// </summary>
    public void RequireFrom(AppSource? here)
    {
        if (here is null || Sources.Count == 0 || Sources.Any(here.IsSame)) return;
        throw new Problem(
            ProblemCode.AppExists, $"the app '{Name}' is built from {Sources[^1]}, and this is {here}. Nothing changed.",
            $"Name another app with --app, ConvoxApp or in {AppFolder.SettingsFolder}/app; or, if it is the same app, pass --app {Name} "
                + $"(-p:ConvoxApp={Name}) once.", ProblemKind.Usage).ToException();
    }

    /// <summary>How many processes of a service are wanted.</summary>
    public int CountOf(Service service) => Scale.TryGetValue(service.Name, out var count) ? count : service.Scale.Count;

    /// <summary>The app with a service's own count, or (null) without it.</summary>
    public App Scaled(ServiceName service, int? count)
    {
        var scale = Scale.Where(s => s.Key != service).ToDictionary();
        if (count is { } given) scale[service] = given;
        return this with { Scale = scale };
    }

    /// <summary>The problem when another release is active than expected.</summary>
    public Problem IsNot(ReleaseId expected) => new(
        ProblemCode.ChooseBase, $"{Active?.ToString() ?? "no release"} is active in {Name}, not {expected}. Nothing changed.",
        Remedy.Do(Operation.ListReleases, "List releases"));

    /// <summary>Fails with <see cref="ProblemCode.AppLocked"/> if nothing may be promoted.</summary>
    public void RequireUnlocked()
    {
        if (Hold is { } hold)
            throw new Problem(
                ProblemCode.AppLocked, $"{Name} is locked by {hold.By}: \"{hold.Reason.TrimEnd('.')}\". Nothing changed.",
                Remedy.Do(Operation.UnlockApp, "Unlock it")).ToException();
    }

    /// <summary>Whether what retention decides by is as in another reading of it.</summary>
    public bool IsPrunedLike(App seen) =>
        DeletedAt is null
            && (LastNumber, Latest, Active, ActivePromotion) == (seen.LastNumber, seen.Latest, seen.Active, seen.ActivePromotion)
            && (Retention?.Keep, Retention?.Days) == (seen.Retention?.Keep, seen.Retention?.Days)
            && Pinned.SequenceEqual(seen.Pinned) && Pruning.SequenceEqual(seen.Pruning);

    /// <summary>The app after a promotion: a success moves <see cref="Active"/>, anything else leaves it.</summary>
    public App After(Promotion promotion)
    {
        if (promotion.Status != PromotionStatus.Succeeded) return this;
        var previous = Active == promotion.Release ? PreviousActive : Active;
        return this with { Active = promotion.Release, ActivePromotion = promotion.Id, PreviousActive = previous };
    }
}

/// <summary>A lock against promotions of an app.</summary>
/// <param name="By">Who.</param>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why.</param>
public sealed record AppHold(string By, DateTimeOffset At, string Reason) : Extensible;
