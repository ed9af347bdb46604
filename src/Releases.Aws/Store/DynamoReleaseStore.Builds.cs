using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

internal sealed partial class DynamoReleaseStore
{
    /// <summary>The attribute of an id's item with the sort key of the record that has the id.</summary>
    private const string LiesAt = "at";

    /// <summary>The attribute of a running build's item with the time of its last heartbeat, in Unix milliseconds.</summary>
    private const string HeardAt = "heard";

    /// <summary>The attribute of a build log's item with its lines.</summary>
    private const string LogText = "text";

    /// <summary>The attribute that marks the item of a build with a release.</summary>
    private const string IsComplete = "complete";

    /// <inheritdoc/>
    public async Task SaveBuild(Build build, CancellationToken cancel = default) => await _table.Redo<bool>(
        async () => (await FindBuild(build.App, build.Id, cancel) is { Status: BuildStatus.Complete } || await _table.TryWrite(
            [.. await Save(build, cancel)], cancel), true), cancel);

    /// <summary>Stored beside the document, so that it can't overwrite the build's status.</summary>
    public async Task RenewBuild(AppName app, BuildId id, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (await Identified(app, id.ToString(), cancel) is not { } item) return;
        await _table.TryWrite([Set(new(Keys.PartitionOf(app), item.SortKey), HeardAt, now.ToUnixTimeMilliseconds())], cancel);
    }

    /// <inheritdoc/>
    public async Task<Build?> FindBuild(AppName app, BuildId id, CancellationToken cancel = default) =>
        await Identified(app, id.ToString(), cancel) is { } item ? Build(item) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Build>> ListBuilds(AppName app, int limit, CancellationToken cancel = default) =>
        [.. (await _table.Newest(Keys.PartitionOf(app), Keys.Builds, limit, null, cancel)).Select(Build)];

    /// <inheritdoc/>
    public async Task AppendBuildLog(AppName app, BuildId build, int part, string text, CancellationToken cancel = default) =>
        await _table.TryWrite([Put(new Item(Keys.BuildLog(app, build, part)).With(LogText, text))], cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadBuildLog(
        AppName app, BuildId build, int from = 0, int last = int.MaxValue, CancellationToken cancel = default) =>
    [
        .. (await _table.Newest(
            Keys.PartitionOf(app), Keys.BuildLog(app, build, from).Sort, last, Keys.BuildLogEnd(build),
            cancel)).Reverse().Select(i => i.RequireText(LogText)),
    ];

    private static Build Build(Item item)
    {
        var build = item.Document(StoreJson.Default.Build);
        return build.Status == BuildStatus.Running && item.Long(HeardAt) is > 0 and var heard
            ? build with { HeardAt = DateTimeOffset.FromUnixTimeMilliseconds(heard) }
            : build;
    }

    /// <summary>A build keeps the key of its first write, and doesn't change once it is complete.</summary>
    private async Task<IReadOnlyList<TransactWriteItem>> Save(Build build, CancellationToken cancel)
    {
        var id = Keys.Id(build.App, build.Id.ToString());
        if (await _table.Get(id, cancel) is { } known)
            return [Write.PutUnless(_table.Name, ItemOf(build, new(Keys.PartitionOf(build.App), known.RequireText(LiesAt))), IsComplete)];
        var key = Keys.Build(build.App, Tick(), build.Id);
        return [Put(ItemOf(build, key)), PutNew(new Item(id).With(LiesAt, key.Sort))];
    }

    private static Item ItemOf(Build build, Key key)
    {
        var item = Item.From(key, build, StoreJson.Default.Build);
        return build.Status == BuildStatus.Complete ? item.With(IsComplete, 1) : item;
    }

    /// <summary>Returns the item of the record that has this id.</summary>
    private async Task<Item?> Identified(AppName app, string id, CancellationToken cancel) =>
        await _table.Get(Keys.Id(app, id), cancel) is { } known ? await _table.Get(
            new(Keys.PartitionOf(app), known.RequireText(LiesAt)), cancel) : null;
}
