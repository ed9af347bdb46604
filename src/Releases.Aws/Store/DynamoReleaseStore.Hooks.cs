using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

internal sealed partial class DynamoReleaseStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Hook>> ListHooks(Action<ProblemException>? unreadable = null, CancellationToken cancel = default)
    {
        var items = await _table.Newest(Keys.Hooks, Keys.HookName, int.MaxValue, null, cancel);
        var all = StoredHooks.Read(items.Select(i => i.Text(Item.DocumentName) ?? ""), unreadable);
        return [.. all.OrderBy(h => h.App).ThenBy(h => h.CreatedAt)];
    }

    /// <inheritdoc/>
    public Task AddHook(Hook hook, Event what, CancellationToken cancel = default) => _table.Redo<bool>(
        async () =>
        {
            var meta = Existing(hook.App, await Meta(hook.App, cancel));
            List<TransactWriteItem> actions =
            [
                Save(meta, meta.App!), PutNew(Item.From(Keys.Hook(hook.App, hook.Id), hook, StoreJson.Default.Hook)),
                Append(hook.App, meta, what),
            ];
            return (await _table.TryWrite(actions, cancel), true);
        },
        cancel);

    /// <inheritdoc/>
    public Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default) => _table.Redo<bool>(
        async () =>
        {
            if (await _table.Get(Keys.Hook(app, hook), cancel) is null) return (true, false);
            List<TransactWriteItem> actions =
                [Write.Delete(_table.Name, Keys.Hook(app, hook)), Write.Delete(_table.Name, Keys.HookProgress(app, hook))];
            if (what is not null)
            {
                var meta = await Meta(app, cancel);
                actions.AddRange([Save(meta, meta.App!), Append(app, meta, what)]);
            }

            return (await _table.TryWrite(actions, cancel), true);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default) =>
        (await _table.Get(Keys.HookProgress(app, hook), cancel))?.Document(StoreJson.Default.HookProgress);

    /// <inheritdoc/>
    public Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default)
    {
        var item = Item.From(Keys.HookProgress(progress.App, progress.Hook), progress, StoreJson.Default.HookProgress);
        return _table.TryWrite([new() { ConditionCheck = Present(Keys.Hook(progress.App, progress.Hook)) },
            Replace(item, progress.Revision - 1)], cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LoggedEvent>> EventsAfter(
        AppName app, string? position, int limit, CancellationToken cancel = default) =>
        [.. (await _table.After(Keys.PartitionOf(app), Keys.Events, Keys.Events + position, limit, cancel))
            .Select(i => new LoggedEvent(i.SortKey[Keys.Events.Length..], i.Document(StoreJson.Default.Event)))];

    /// <inheritdoc/>
    public async Task<string?> LastPosition(AppName app, CancellationToken cancel = default) =>
        await _table.Newest(Keys.PartitionOf(app), Keys.Events, 1, null, cancel) is [var last] ? last.SortKey[Keys.Events.Length..] : null;

    private ConditionCheck Present(Key key) => new()
    {
        TableName = _table.Name,
        Key = key.Attributes(),
        ConditionExpression = $"attribute_exists({Keys.Partition})",
    };
}
