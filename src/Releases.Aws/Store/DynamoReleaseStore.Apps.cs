using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

internal sealed partial class DynamoReleaseStore
{
    /// <summary>
    /// The number of promotions that the app has had, stored beside the app's document. It determines the number of the next one.
    /// </summary>
    private const string PromotionCount = "promotions";

    /// <summary>The ticks of the app's newest event; the next event gets a later time.</summary>
    private const string LastEvent = "lastEvent";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<App>> ListApps(CancellationToken cancel = default)
    {
        var listed = await _table.Newest(Keys.Apps, Keys.ListedName, int.MaxValue, null, cancel);
        var metas = await _table.GetAll(listed.Select(i => Keys.Meta(AppName.Parse(i.SortKey[Keys.ListedName.Length..]))), cancel);
        return [.. metas.Select(m => m.Document(StoreJson.Default.App)).Where(a => a.DeletedAt is null).OrderBy(a => a.Name)];
    }

    /// <inheritdoc/>
    public async Task<App?> FindApp(AppName app, CancellationToken cancel = default) =>
        (await _table.Get(Keys.Meta(app), cancel))?.Document(StoreJson.Default.App);

    /// <inheritdoc/>
    public Task<App> CreateApp(AppName app, Event what, CancellationToken cancel = default) => _table.Redo<App>(
        async () =>
        {
            var meta = await Meta(app, cancel);
            if (meta.App is { DeletedAt: null })
                throw new Problem(
                    ProblemCode.AppExists, $"there is already an app '{app}' on this rack.",
                    Remedy.FromString("Choose another name, or use that app.")
                        .Or(Remedy.Do(Operation.ListApps, "List apps"))).ToException();
            // The process that deleted it may have died before everything was removed.
            if (meta.App is not null) await Sweep(app, meta.Revision, cancel);
            var made = meta.App?.Revived(what) ?? Releases.App.New(app, what);
            return (await _table.TryWrite([Save(meta, made), Put(new(Keys.Listed(app))), Append(app, meta, what)], cancel), made);
        },
        cancel);

    /// <inheritdoc/>
    public async Task DeleteApp(AppName app, Event what, CancellationToken cancel = default)
    {
        var revision = await _table.Redo<long>(
            async () =>
            {
                var meta = Existing(app, await Meta(app, cancel));
                if (await FindLock(app, cancel) is { } held) throw held.Busy().ToException();
                var deleted = meta.App!.Deleted(what);
                List<TransactWriteItem> actions =
                [
                    Save(meta, deleted), Write.Delete(_table.Name, Keys.Listed(app)), Append(app, meta, what),
                    new() { ConditionCheck = Absent(Keys.Lock(app)) },
                ];
                return (await _table.TryWrite(actions, cancel), meta.Revision + 1);
            },
            cancel);
        try
        {
            await Sweep(app, revision, cancel);
        }
        catch (ProblemException left)
        {
            throw (left.Problems[0] with
            {
                Message = $"{app} was deleted, but some of its old records are still in the table: {left.Problems[0].Message}",
                Unchanged = null,
                Remedy = "They are removed when an app of that name is created again.",
            }).ToException(left);
        }
    }

    /// <inheritdoc/>
    public Task<App> ChangeApp(AppName app, Func<App, App> change, Event what, CancellationToken cancel = default) => _table.Redo<App>(
        async () =>
        {
            var meta = Existing(app, await Meta(app, cancel));
            var changed = change(meta.App!);
            return (await _table.TryWrite([Save(meta, changed), Append(app, meta, what)], cancel), changed);
        },
        cancel);

    private async Task<AppMeta> Meta(AppName app, CancellationToken cancel)
    {
        if (await _table.Get(Keys.Meta(app), cancel) is not { } item) return new(null, 0, 0, Tick());
        var last = item.Long(LastEvent) is > 0 and var known ? known : await LastTick(app, cancel);
        return new(item.Document(StoreJson.Default.App), item.Long(Item.Revision), item.Long(PromotionCount), Later(Tick(), last));
    }

    /// <summary>Older versions don't store it.</summary>
    private async Task<long> LastTick(AppName app, CancellationToken cancel) =>
        await LastPosition(app, cancel) is { } position ? Keys.TickOf(position) : 0;

    private static DateTimeOffset Later(DateTimeOffset now, long last) => now.UtcTicks > last ? now : new(last + 1, TimeSpan.Zero);

    private static AppMeta Existing(AppName app, AppMeta meta) => meta.App is { DeletedAt: null }
        ? meta
        : throw RequiredRecords.NoSuchApp(app).ToException();

    private TransactWriteItem Save(AppMeta seen, App app, int begun = 0) => Replace(
        Item.From(Keys.Meta(app.Name), app, StoreJson.Default.App).With(PromotionCount, seen.Promotions + begun)
            .With(LastEvent, seen.Tick.UtcTicks),
        seen.Revision);

    private ConditionCheck Absent(Key key) => new()
    {
        TableName = _table.Name,
        Key = key.Attributes(),
        ConditionExpression = $"attribute_not_exists({Keys.Partition})",
    };

    /// <summary>
    /// Removes everything of a deleted app except its tombstone and its events. Whoever creates the app again removes it too, so records
    /// are only removed while the tombstone still has this revision: those of a later one may be its successor's.
    /// </summary>
    private async Task Sweep(AppName app, long revision, CancellationToken cancel)
    {
        foreach (var prefix in (string[])[Keys.Releases, Keys.Builds, Keys.BuildLogs, Keys.Documents, Keys.Promotions,
            Keys.Bases, Keys.Ids])
        {
            while (await _table.Newest(Keys.PartitionOf(app), prefix, 1_000, null, cancel) is { Count: > 0 } left)
            {
                if (await _table.Get(Keys.Meta(app), cancel) is not { } now || now.Long(Item.Revision) != revision) return;
                if (prefix == Keys.Releases)
                {
                    var snapshots = left.Select(SnapshotOf).OfType<SnapshotId>().Distinct();
                    await _table.DeleteAll(snapshots.Select(s => Keys.Snapshot(app, s)), cancel);
                }

                var keys = left.Select(i => new Key(Keys.PartitionOf(app), i.SortKey));
                // A successor's documents and base task definitions may have the same keys; its other records have new ids or numbers.
                if (prefix is not (Keys.Documents or Keys.Bases)) await _table.DeleteAll(keys, cancel);
                else if (!await TryDelete(app, revision, keys, cancel)) return;
            }
        }
    }

    /// <summary>Deletes records. Returns false as soon as the tombstone no longer has this revision.</summary>
    private async Task<bool> TryDelete(AppName app, long revision, IEnumerable<Key> keys, CancellationToken cancel)
    {
        foreach (var some in keys.Chunk(MaxParts))
        {
            var deletions = some.Select(k => Write.Delete(_table.Name, k));
            if (!await _table.TryWrite([Write.Unchanged(_table.Name, Keys.Meta(app), revision), .. deletions], cancel)) return false;
        }

        return true;
    }

    /// <summary>The environment of a release whose record is damaged isn't known, and stays, sealed.</summary>
    private static SnapshotId? SnapshotOf(Item release)
    {
        try
        {
            return release.Document(StoreJson.Default.Release).Environment;
        }
        catch (ProblemException damaged) when (damaged.Is(ProblemCode.DamagedStore))
        {
            return null;
        }
    }

    /// <summary>Represents an app's document with the attributes that are written on condition of it.</summary>
    private sealed record AppMeta(App? App, long Revision, long Promotions, DateTimeOffset Tick);
}
