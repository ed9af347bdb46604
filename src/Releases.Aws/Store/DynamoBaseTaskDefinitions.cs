using System.Globalization;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Stores base task definitions in the rack's table.</summary>
internal sealed class DynamoBaseTaskDefinitions(Table table) : IBaseTaskDefinitionStore
{
    private const string Arn = "arn";
    private const string SealedUnder = "sealedUnder";
    private const string Content = "content";
    private const string RetiredCount = "retiredCount";
    private const string Owed = "owed";
    private const string Name = "name";
    private const int MaxListed = 1_000;

    public async Task<RecordedBase?> ReadBase(AppName app, ServiceName service, CancellationToken cancel) =>
        await table.Get(Keys.Base(app, service), cancel) is { } item && item.Text(Arn) is { } arn
            ? new(arn, item.Read(SealedUnder, text => SnapshotId.Parse(text)), item.Bytes(Content))
            {
                Name = item.Text(Name),
                RetiredCount = item.Text(RetiredCount) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null,
                Owed = item.Text(Owed) is null ? null : item.Read(Owed, text => JsonNode.Parse(text)!.AsObject()),
            }
            : null;

    public async Task<IReadOnlyList<ServiceName>> ListServices(AppName app, CancellationToken cancel) =>
    [
        .. (await table.Newest(Keys.PartitionOf(app), Keys.Bases, MaxListed, null, cancel))
            .Select(i => ServiceName.Parse(i.SortKey[Keys.Bases.Length..])).Order(),
    ];

    public async Task SaveBase(AppName app, ServiceName service, RecordedBase recorded, CancellationToken cancel)
    {
        var item = new Item(Keys.Base(app, service)).With(Arn, recorded.Arn).With(
            SealedUnder, recorded.SealedUnder.ToString()).With(Content, recorded.Sealed);
        if (recorded.RetiredCount is { } count) item.With(RetiredCount, count.ToString(CultureInfo.InvariantCulture));
        if (recorded.Name is { } name) item.With(Name, name);
        if (recorded.Owed is { } owed) item.With(Owed, owed.ToJsonString());
        await table.Redo<bool>(async () => (await table.TryWrite([Write.Put(table.Name, item)], cancel), true), cancel);
    }
}
