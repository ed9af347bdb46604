namespace Releases;

/// <summary>Represents what pruning an app did, or would do.</summary>
/// <param name="App">The app.</param>
/// <param name="Releases">The releases that lose their artifacts, oldest first.</param>
/// <param name="Bytes">The maximum number of bytes that this frees.</param>
/// <param name="Waits">Whether artifacts are left for the next run because a build is running.</param>
public sealed record PruneReport(App App, IReadOnlyList<Release> Releases, long Bytes, bool Waits);

/// <summary>
/// Removes the artifacts of releases that the app's settings no longer keep. A first write marks the releases as pruned and records that
/// their artifacts have to be removed; then they are removed; then a second write records that. If a process dies in between, the next run
/// finishes the removal first.
/// </summary>
/// <param name="store">The store of the records.</param>
/// <param name="removal">Removes the artifacts.</param>
/// <param name="time">The clock.</param>
public sealed class PruneReleases(IReleaseStore store, IArtifactRemoval removal, TimeProvider time)
{
    private const int PageSize = 100;

    /// <summary>The number of promotions that are searched for the latest promoted releases.</summary>
    private const int MaxPromotionsScanned = 1000;

    /// <summary>How often the decision is repeated because something changed in the meantime.</summary>
    private const int MaxAttempts = 10;

    /// <summary>Returns what would be pruned now. Changes nothing.</summary>
    public async Task<PruneReport> Preview(AppName name, CancellationToken cancel = default)
    {
        var app = await store.RequireApp(name, cancel);
        var going = await Decide(app, (await store.FindLock(name, cancel))?.Release, cancel);
        return new(app, going, going.Count == 0 ? 0 : await removal.Measure(name, going, cancel), Waits: false);
    }

    /// <summary>
    /// Prunes an app. Fails with <see cref="ProblemCode.Busy"/> while a promotion is running. If it is interrupted, the next run continues.
    /// </summary>
    /// <param name="name">The app.</param>
    /// <param name="by">Who requested it, for the event.</param>
    /// <param name="cancel">Cancels the operation between two steps.</param>
    public async Task<PruneReport> Run(AppName name, string by, CancellationToken cancel = default)
    {
        var pruned = new List<Release>();
        long bytes = 0;
        for (var attempt = 1; ; cancel.ThrowIfCancellationRequested())
        {
            var app = await store.RequireApp(name, cancel);
            if (await store.FindLock(name, cancel) is { } held) throw await Busy(held, cancel);
            if (app.Pruning.Count > 0 && !await Finish(app, cancel)) return new(app, pruned, bytes, Waits: true);
            app = app with { Pruning = [] };
            var going = (await Decide(app, null, cancel)).Take(removal.MaxPerWrite).ToList();
            if (going.Count == 0)
            {
                await new ShortenHistory(store).Run(name, cancel);
                return new(app, pruned, bytes, Waits: false);
            }

            var freed = await removal.Measure(name, going, cancel);
            if (await store.TryPrune(app, going, Pruned(going, by), CancellationToken.None))
            {
                pruned.AddRange(going);
                bytes += freed;
                attempt = 1;
            }
            else if (++attempt > MaxAttempts)
                throw Problem.Unavailable(
                    ProblemCode.StoreBusy, $"{name} kept changing, so its old releases weren't pruned.",
                    Remedy.Do(Operation.PruneReleases, "Try again")).ToException();
        }
    }

    /// <summary>Finishes the removal that an earlier process recorded.</summary>
    private async Task<bool> Finish(App app, CancellationToken cancel)
    {
        var releases = new List<Release>();
        foreach (var id in app.Pruning)
            if (await store.FindRelease(app.Name, id, cancel) is { } release) releases.Add(release);
        if (!await removal.Remove(app.Name, releases, cancel)) return false;
        await store.EndPrune(app.Name, app.Pruning, CancellationToken.None);
        return true;
    }

    private async Task<IReadOnlyList<Release>> Decide(App app, ReleaseId? promoting, CancellationToken cancel)
    {
        if (app.Retention is not { } settings || app.LastNumber <= settings.Keep) return [];
        var releases = await store.ListReleases(app.Name, int.MaxValue, cancel: cancel);
        return RetentionPolicy.Decide(new(app, releases, await Promoted(app.Name, cancel), promoting), time.GetUtcNow(), removal.Owns);
    }

    /// <summary>Returns the latest releases that were promoted successfully. A release that was restarted many times counts once.</summary>
    private async Task<IReadOnlySet<ReleaseId>> Promoted(AppName app, CancellationToken cancel)
    {
        var found = new HashSet<ReleaseId>();
        PromotionId? before = null;
        for (var read = 0; read < MaxPromotionsScanned; read += PageSize)
        {
            var page = await store.ListPromotions(app, PageSize, before, cancel);
            foreach (var promotion in page.Where(p => p.Status == PromotionStatus.Succeeded))
            {
                if (found.Count == RetentionPolicy.ProtectedPromotions) return found;
                found.Add(promotion.Release);
            }

            if (page.Count < PageSize) break;
            before = page[^1].Id;
        }

        return found;
    }

    private async Task<ProblemException> Busy(PromotionLock held, CancellationToken cancel) =>
        (await store.Busy(held, time.GetUtcNow(), cancel) with
        {
            Remedy = Remedy.Do(Operation.WatchPromotion, "Follow it, and prune when it has ended"),
        }).ToException();

    private Event Pruned(List<Release> going, string by) => new()
    {
        At = time.GetUtcNow(),
        Kind = EventKind.Pruned,
        By = by,
        Detail = going is [var one] ? $"v{one.Number}"
            : $"{Quantity.Text(going.Count, "release")}, v{going[0].Number} to v{going[^1].Number}",
    };
}
