namespace Releases.Aws;

public sealed partial class DynamoReleaseStore
{
    private const string Arn = "arn";
    private const string SealedUnder = "sealedUnder";
    private const string RetiredCount = "retiredCount";

    /// <summary>What releases of a service are put on, as it was recorded last; null: never.</summary>
    internal async Task<RecordedBase?> ReadBase(AppName app, ServiceName service, CancellationToken cancel) =>
        await _table.Get(Keys.Base(app, service), cancel) is { } item && item.Text(Arn) is { } arn
            ? new(arn, SnapshotId.Parse(item.Text(SealedUnder)!), item.Bytes(Content)) { RetiredCount = item.Text(RetiredCount) is { } count ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : null }
            : null;

    internal async Task SaveBase(AppName app, ServiceName service, RecordedBase recorded, CancellationToken cancel)
    {
        var item = new Item(Keys.Base(app, service)).With(Arn, recorded.Arn).With(SealedUnder, recorded.SealedUnder.ToString()).With(Content, recorded.Sealed);
        if (recorded.RetiredCount is { } count) item.With(RetiredCount, count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await _table.Redo<bool>(async () => (await _table.TryWrite([Put(item)], cancel), true), cancel);
    }
}

/// <summary>What releases of a service are put on.</summary>
/// <param name="Arn">The task definition.</param>
/// <param name="SealedUnder">The id that its copy is sealed under.</param>
/// <param name="Sealed">A sealed copy, for when it can no longer be described.</param>
internal sealed record RecordedBase(string Arn, SnapshotId SealedUnder, byte[] Sealed)
{
    /// <summary>How many tasks the service had when a release came that no longer has it; null: it did not.</summary>
    public int? RetiredCount { get; init; }
}
