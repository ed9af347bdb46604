using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

internal sealed partial class DynamoReleaseStore
{
    private const string Token = "token";
    private const string OfPromotion = "promotion";

    /// <summary>Written with the app's document in one transaction, which is limited to 100 items and 4 MB.</summary>
    private const int MaxShortened = 50;

    private readonly ConcurrentDictionary<PromotionId, Key> _places = new();

    /// <inheritdoc/>
    public Task<PromotionLock> BeginPromotion(
        Promotion promotion, string owner, Event what, CancellationToken cancel = default) => _table.Redo<PromotionLock>(
        async () =>
        {
            var meta = Existing(promotion.App, await Meta(promotion.App, cancel));
            if (await FindLock(promotion.App, cancel) is { } held)
                return held.Promotion == promotion.Id ? (true, held) : throw held.Busy().ToException();
            meta.App!.RequireReadyFor(promotion);
            var taken = PromotionLock.For(promotion, owner);
            return (await _table.TryWrite([Save(meta, meta.App!, begun: 1), .. Begin(meta, new(promotion, owner, what))], cancel), taken);
        },
        cancel);

    /// <summary>Part of a write of the app's document that counts the promotion.</summary>
    private IEnumerable<TransactWriteItem> Begin(AppMeta seen, PromotionBeginning begins)
    {
        var promotion = begins.Promotion;
        var key = Keys.Promotion(promotion.App, seen.Promotions + 1);
        yield return Replace(ItemOf(PromotionLock.For(promotion, begins.Owner)), 0);
        yield return PutNew(PromotionItem.From(key, promotion));
        yield return PutNew(new Item(Keys.Id(promotion.App, promotion.Id.ToString())).With(LiesAt, key.Sort));
        yield return Put(new Item(Keys.PromotingApp(promotion.App)).With(OfPromotion, promotion.Id.ToString()));
        yield return Append(promotion.App, seen, begins.Event);
    }

    /// <inheritdoc/>
    public Task<PromotionLock?> TakeOver(
        PromotionLock seen, string owner, Event what, CancellationToken cancel = default) => _table.Redo<PromotionLock?>(
        async () =>
        {
            var meta = Existing(seen.App, await Meta(seen.App, cancel));
            if (await StoredLock(seen.App, cancel) is not { } stored || !seen.Holds(stored.Lock) || stored.Lock.Beat != seen.Beat)
                return (true, null);
            var taken = stored.Lock.TakenOverBy(owner);
            return (await _table.TryWrite([Replace(ItemOf(taken), stored.Revision), Save(meta, meta.App!), Append(seen.App, meta, what)],
                cancel), taken);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<PromotionLock?> FindLock(AppName app, CancellationToken cancel = default) => (await StoredLock(app, cancel))?.Lock;

    /// <inheritdoc/>
    public Task<PromotionLock> RenewLock(PromotionLock held, DateTimeOffset now, CancellationToken cancel = default) =>
        ChangeHeld(held, stored => stored.Renewed(now), cancel);

    /// <inheritdoc/>
    public Task OfferLock(PromotionLock held, CancellationToken cancel = default) => ChangeHeld(held, stored => stored.Offered(), cancel);

    /// <inheritdoc/>
    public Task<PromotionLock> EndHold(PromotionLock held, CancellationToken cancel = default) =>
        ChangeHeld(held, stored => stored.WithHoldEnded(), cancel);

    private Task<PromotionLock> ChangeHeld(
        PromotionLock held, Func<PromotionLock, PromotionLock> change, CancellationToken cancel) => _table.Redo<PromotionLock>(
        async () =>
        {
            if (await StoredLock(held.App, cancel) is not { } stored || !held.Holds(stored.Lock)) throw held.Fenced().ToException();
            var changed = change(stored.Lock);
            return (await _table.TryWrite([Replace(ItemOf(changed), stored.Revision)], cancel), changed);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AppName>> ListPromoting(CancellationToken cancel = default) =>
    [
        .. (await _table.Newest(Keys.Promoting, Keys.ListedName, int.MaxValue, null, cancel))
            .Select(i => AppName.Parse(i.SortKey[Keys.ListedName.Length..])).Order(),
    ];

    /// <inheritdoc/>
    public async Task SavePromotion(PromotionLock held, Promotion promotion, CancellationToken cancel = default)
    {
        var saved = await _table.TryWrite(
            [new() { ConditionCheck = StillHeld(held) }, Put(PromotionItem.From(await Place(promotion, cancel), promotion))], cancel);
        if (!saved) throw held.Fenced().ToException();
    }

    /// <inheritdoc/>
    public Task FinishPromotion(
        PromotionLock held, Promotion promotion, Event what, CancellationToken cancel = default) => _table.Redo<bool>(
        async () =>
        {
            var meta = await Meta(held.App, cancel);
            var release = await _table.Get(Keys.Id(held.App, promotion.Release.ToString()), cancel);
            if (await StoredLock(held.App, cancel) is not { } stored || !held.Holds(stored.Lock)) throw held.Fenced().ToException();
            List<TransactWriteItem> actions =
            [
                new() { Delete = Freed(held) },
                Save(meta, Existing(held.App, meta).App!.After(promotion)),
                Put(PromotionItem.From(await Place(promotion, cancel), promotion)),
                new() { Update = Noted(new(Keys.PartitionOf(held.App), release!.RequireText(LiesAt)), promotion.Status) },
                Append(held.App, meta, what),
                Write.Delete(_table.Name, Keys.PromotingApp(held.App)),
            ];
            return (await _table.TryWrite(actions, cancel), true);
        },
        cancel);

    /// <inheritdoc/>
    public Task<bool> RequestCancel(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithCancelBy(what.By), what, cancel);

    /// <inheritdoc/>
    public Task<bool> RequestEndOfRollback(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithRollbackEndBy(what.By), what, cancel);

    /// <inheritdoc/>
    public Task<bool> Approve(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithApprovalBy(what.By), what, cancel);

    private Task<bool> ChangeLock(
        AppName app, PromotionId promotion, Func<PromotionLock, PromotionLock?> change, Event what, CancellationToken cancel) =>
            _table.Redo<bool>(
        async () =>
        {
            var meta = await Meta(app, cancel);
            if (meta.App is null || await StoredLock(app, cancel) is not { } stored || stored.Lock.Promotion != promotion
                || change(stored.Lock) is not { } changed) return (true, false);
            return (await _table.TryWrite([Replace(ItemOf(changed), stored.Revision), Save(meta, meta.App),
                Append(app, meta, what)], cancel), true);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<Promotion?> FindPromotion(AppName app, PromotionId id, CancellationToken cancel = default) =>
        await Placed(app, id, cancel) is { } place && await _table.Get(place, cancel) is { } item
            ? item.Document(StoreJson.Default.Promotion)
            : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Promotion>> ListPromotions(
        AppName app, int limit, PromotionId? before = null, CancellationToken cancel = default)
    {
        var below = before is { } id ? (await _table.Get(Keys.Id(app, id.ToString()), cancel))?.Text(LiesAt) : null;
        if (before is not null && below is null) return [];
        return [.. (await _table.Newest(
            Keys.PartitionOf(app), Keys.Promotions, limit, below, cancel)).Select(i => i.Document(StoreJson.Default.Promotion))];
    }

    /// <inheritdoc/>
    public Task<int> ShortenPromotions(AppName app, int keep, int most, CancellationToken cancel = default) => _table.Redo<int>(
        async () =>
        {
            var meta = await Meta(app, cancel);
            if (meta.App is not { DeletedAt: null } there || meta.Promotions <= keep) return (true, 0);
            var done = there.ShortenedTo is { } id ? (await Placed(app, id, cancel))?.Sort : null;
            var newest = Keys.Promotion(app, meta.Promotions - keep).Sort;
            if (string.CompareOrdinal(done, newest) >= 0) return (true, 0);
            var old = (await _table.After(
                Keys.PartitionOf(app), Keys.Promotions, done ?? Keys.Promotions, Math.Min(most, MaxShortened), cancel))
                .Where(i => string.CompareOrdinal(i.SortKey, newest) <= 0)
                .Select(i => (i.SortKey, Promotion: i.Document(StoreJson.Default.Promotion).Shortened())).ToList();
            if (old.Count == 0) return (true, 0);
            List<TransactWriteItem> actions =
            [
                Save(meta, there with { ShortenedTo = old[^1].Promotion.Id }),
                .. old.Select(o => Put(PromotionItem.From(new(Keys.PartitionOf(app), o.SortKey), o.Promotion))),
            ];
            return (await _table.TryWrite(actions, cancel), old.Count);
        },
        cancel);

    private async Task<(PromotionLock Lock, long Revision)?> StoredLock(AppName app, CancellationToken cancel) =>
        await _table.Get(Keys.Lock(app), cancel) is { } item ? (item.Document(
            StoreJson.Default.PromotionLock), item.Long(Item.Revision)) : null;

    private static Item ItemOf(PromotionLock held) => Item.From(Keys.Lock(held.App), held, StoreJson.Default.PromotionLock)
        .With(Token, held.Token).With(OfPromotion, held.Promotion.ToString());

    /// <summary>Returns the key that a promotion got when it was started.</summary>
    private async Task<Key> Place(Promotion promotion, CancellationToken cancel) => await Placed(promotion.App, promotion.Id, cancel)
        ?? throw new InvalidOperationException($"The lock of {promotion.App} names promotion {promotion.Id}, which is not in the store.");

    /// <summary>A promotion keeps the key of its first write, so the key is read once.</summary>
    private async Task<Key?> Placed(AppName app, PromotionId id, CancellationToken cancel)
    {
        if (_places.TryGetValue(id, out var known)) return known;
        if (await _table.Get(Keys.Id(app, id.ToString()), cancel) is not { } item) return null;
        return _places[id] = new(Keys.PartitionOf(app), item.RequireText(LiesAt));
    }

    private const string IsHeld = "#token = :token AND promotion = :promotion";

    private static Dictionary<string, string> HeldNames => new() { ["#token"] = Token };

    private static Dictionary<string, AttributeValue> HeldValues(PromotionLock held) =>
        new() { [":token"] = Item.Number(held.Token), [":promotion"] = new(held.Promotion.ToString()) };

    private ConditionCheck StillHeld(PromotionLock held) => new()
    {
        TableName = _table.Name,
        Key = Keys.Lock(held.App).Attributes(),
        ConditionExpression = IsHeld,
        ExpressionAttributeNames = HeldNames,
        ExpressionAttributeValues = HeldValues(held),
    };

    private Delete Freed(PromotionLock held) => new()
    {
        TableName = _table.Name,
        Key = Keys.Lock(held.App).Attributes(),
        ConditionExpression = IsHeld,
        ExpressionAttributeNames = HeldNames,
        ExpressionAttributeValues = HeldValues(held),
    };

    private Update Noted(Key release, PromotionStatus status) => new()
    {
        TableName = _table.Name,
        Key = release.Attributes(),
        UpdateExpression = "SET outcome = :outcome",
        ExpressionAttributeValues = new()
        {
            [":outcome"] = new(
            JsonSerializer.Serialize(status, StoreJson.Default.PromotionStatus).Trim('"'))
        },
    };
}
