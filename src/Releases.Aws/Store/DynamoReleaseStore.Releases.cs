using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

internal sealed partial class DynamoReleaseStore
{
    /// <summary>The only attribute of a release that changes, stored beside its document.</summary>
    private const string Outcome = "outcome";

    private const string Content = "content";

    /// <summary>The size of a part of a document in bytes, below DynamoDB's limit of 400 KB per item.</summary>
    private const int MaxPart = 300 * 1024;

    /// <summary>The number of parts written together: a transaction is limited to 100 items and 4 MB.</summary>
    private const int MaxParts = 12;

    /// <inheritdoc/>
    public async Task<bool> TryAddRelease(ReleaseAddition addition, CancellationToken cancel = default)
    {
        var parts = Parts(addition).ToList();
        // Documents are identified by their content, so those that are too many for the release's transaction can be there before it.
        for (; parts.Count > MaxParts; parts.RemoveRange(0, MaxParts)) await _table.TryWrite(parts[..MaxParts], cancel);
        return await TryAddRelease(addition, parts, cancel);
    }

    private Task<bool> TryAddRelease(
        ReleaseAddition addition, List<TransactWriteItem> parts, CancellationToken cancel) => _table.Redo<bool>(
        async () =>
        {
            var release = addition.Release;
            var meta = await Meta(release.App, cancel);
            // If the response to an earlier attempt was lost, the promotion already exists.
            if (addition.Begins is { } its && await FindLock(release.App, cancel) is { } held)
                return (true, held.Promotion == its.Promotion.Id);
            if (meta.App is not { DeletedAt: null } app
                || app.LastNumber != release.Number - 1 || app.Latest != addition.Seen
                || (addition.Begins is not null && !app.IsReadyToReplace(addition.Active))) return (true, false);

            // The write below is conditional on the app's record, which pruning changes too.
            if (await IsPruned(release.App, release.Sources, app.Latest, cancel)) return (true, false);
            var key = Keys.Release(release.App, release.Number);
            List<TransactWriteItem> actions =
            [
                PutNew(Item.From(key, release, StoreJson.Default.Release)),
                PutNew(new Item(Keys.Id(release.App, release.Id.ToString())).With(LiesAt, key.Sort)),
                Append(release.App, meta, addition.Event),
            ];
            if (release.Manifest is { } manifest && addition.ManifestText is { } text)
                actions.Add(Put(new Item(Keys.Manifest(manifest)).With(Content, text)));
            if (release.Environment is { } environment && addition.Snapshot is { } snapshot)
                actions.Add(PutNew(new Item(Keys.Snapshot(release.App, environment)).With(Content, snapshot)));
            actions.AddRange(parts);
            if (addition.Build is { } build) actions.AddRange(await Save(build, cancel));
            if (addition.Begins is { } begins)
            {
                meta = meta with { Tick = meta.Tick.AddTicks(1) };
                actions.AddRange(Begin(meta, begins));
            }

            app = app.From(addition.Source) with { LastNumber = release.Number, Latest = release.Id };
            actions.Add(Save(meta, app, begun: addition.Begins is null ? 0 : 1));
            // A concurrent write to the app may not concern its releases, so the attempt is repeated with the new state.
            return (await _table.TryWrite(actions, cancel), true);
        },
        cancel);

    private IEnumerable<TransactWriteItem> Parts(ReleaseAddition addition) => addition.Documents.DistinctBy(d => d.Digest).SelectMany(
        d => d.Compressed.Chunk(MaxPart).Select(
            (part, n) => Put(new Item(Keys.Document(addition.Release.App, d.Digest, n)).With(Content, part))));

    /// <inheritdoc/>
    public async Task<Release?> FindRelease(AppName app, ReleaseReference release, CancellationToken cancel = default)
    {
        var item = release.Number is { } number
            ? await _table.Get(Keys.Release(app, number), cancel)
            : await Identified(app, release.Id.ToString()!, cancel);
        return item is null ? null : ReleaseOf(item);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Release>> ListReleases(AppName app, int limit, long? below = null, CancellationToken cancel = default)
    {
        var last = below is { } number ? Keys.Release(app, number).Sort : null;
        return [.. (await _table.Newest(Keys.PartitionOf(app), Keys.Releases, limit, last, cancel)).Select(ReleaseOf)];
    }

    /// <inheritdoc/>
    public Task<bool> TryPrune(
        App seen, IReadOnlyList<Release> releases, Event what, CancellationToken cancel = default) => _table.Redo<bool>(
        async () =>
        {
            var meta = await Meta(seen.Name, cancel);
            if (meta.App is not { } app || !app.IsPrunedLike(seen) || await FindLock(seen.Name, cancel) is not null) return (true, false);
            List<TransactWriteItem> actions =
            [
                Save(meta, app with { Pruning = [.. app.Pruning, .. releases.Select(r => r.Id)] }), Append(seen.Name, meta, what),
                new() { ConditionCheck = Absent(Keys.Lock(seen.Name)) },
                .. releases.Select(r => Write.SetDocument(
                    _table.Name, Keys.Release(r.App, r.Number), r with { PrunedAt = what.At }, StoreJson.Default.Release)),
            ];
            return (await _table.TryWrite(actions, cancel), true);
        },
        cancel);

    /// <inheritdoc/>
    public Task EndPrune(AppName app, IReadOnlyList<ReleaseId> releases, CancellationToken cancel = default) => _table.Redo<bool>(
        async () =>
        {
            var meta = await Meta(app, cancel);
            if (meta.App is not { } there || !there.Pruning.Intersect(releases).Any()) return (true, true);
            return (await _table.TryWrite([Save(meta, there with { Pruning = [.. there.Pruning.Except(releases)] })], cancel), true);
        },
        cancel);

    /// <summary>Determines whether any of the releases lost its artifacts; the latest never does, so it isn't read.</summary>
    private async Task<bool> IsPruned(AppName app, IEnumerable<ReleaseId> releases, ReleaseId? latest, CancellationToken cancel)
    {
        foreach (var id in releases.Where(r => r != latest))
            if (await FindRelease(app, id, cancel) is { PrunedAt: not null }) return true;
        return false;
    }

    /// <inheritdoc/>
    public async Task<string> ReadManifest(ManifestId id, CancellationToken cancel = default) =>
        (await Required(Keys.Manifest(id), cancel)).RequireText(Content);

    /// <inheritdoc/>
    public async Task<byte[]?> ReadDocument(AppName app, string digest, CancellationToken cancel = default) =>
        await _table.Newest(Keys.PartitionOf(app), Keys.DocumentParts(digest), int.MaxValue, null, cancel) is { Count: > 0 } parts
            ? [.. parts.Reverse().SelectMany(p => p.Bytes(Content))] : null;

    /// <inheritdoc/>
    public async Task<byte[]> ReadSnapshot(AppName app, SnapshotId id, CancellationToken cancel = default) =>
        (await Required(Keys.Snapshot(app, id), cancel)).Bytes(Content);

    private async Task<Item> Required(Key key, CancellationToken cancel) =>
        await _table.Get(key, cancel) ?? throw DynamoProblems.Damaged(key).ToException();

    private static Release ReleaseOf(Item item)
    {
        var release = item.Document(StoreJson.Default.Release);
        return item.Text(Outcome) is null ? release : release with
        {
            LastOutcome = item.Read(Outcome, outcome => JsonSerializer.Deserialize($"\"{outcome}\"", StoreJson.Default.PromotionStatus)),
        };
    }
}
