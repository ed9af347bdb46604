using System.Globalization;

namespace Releases.Aws;

internal sealed partial class DynamoReleaseStore : IBaseTaskDefinitionStore
{
    private const string Arn = "arn";
    private const string SealedUnder = "sealedUnder";
    private const string RetiredCount = "retiredCount";

    async Task<RecordedBase?> IBaseTaskDefinitionStore.ReadBase(AppName app, ServiceName service, CancellationToken cancel) =>
        await _table.Get(Keys.Base(app, service), cancel) is { } item && item.Text(Arn) is { } arn
            ? new(arn, SnapshotId.Parse(item.Text(SealedUnder)!), item.Bytes(Content))
            {
                RetiredCount = item.Text(RetiredCount) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null,
            }
            : null;

    async Task IBaseTaskDefinitionStore.SaveBase(AppName app, ServiceName service, RecordedBase recorded, CancellationToken cancel)
    {
        var item = new Item(Keys.Base(app, service)).With(Arn, recorded.Arn).With(
            SealedUnder, recorded.SealedUnder.ToString()).With(Content, recorded.Sealed);
        if (recorded.RetiredCount is { } count) item.With(RetiredCount, count.ToString(CultureInfo.InvariantCulture));
        await _table.Redo<bool>(async () => (await _table.TryWrite([Put(item)], cancel), true), cancel);
    }
}
