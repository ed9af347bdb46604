using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>
/// Stores the records of an AWS rack in one DynamoDB table. What may be written concurrently is written on condition of what was read, in
/// one transaction with its event, and is retried if the condition no longer holds.
/// </summary>
internal sealed partial class DynamoReleaseStore : IReleaseStore, IHookStore
{
    private readonly IAmazonDynamoDB _client;
    private readonly Table _table;
    private readonly TimeProvider _time;
    private long _lastTick;

    private DynamoReleaseStore(IAmazonDynamoDB client, string table, TimeProvider time, AwsCalls calls)
    {
        (_client, _table, _time) = (client, new(client, table, time, calls), time);
        (Agents, Bases) = (new(_table), new(_table));
    }

    /// <summary>The rack's agents, which are in the same table.</summary>
    public DynamoAgentRegistry Agents { get; }

    /// <summary>The base task definitions, which are in the same table.</summary>
    public DynamoBaseTaskDefinitions Bases { get; }

    /// <summary>Opens the rack's records. Fails with <see cref="ProblemCode.NoRack"/> or <see cref="ProblemCode.NewerFormat"/>.</summary>
    /// <param name="client">The client, which the store owns from now on.</param>
    /// <param name="table">The name of the table.</param>
    /// <param name="time">The clock for events and pauses.</param>
    /// <param name="cancel">Cancels the operation.</param>
    public static Task<DynamoReleaseStore> Open(
        IAmazonDynamoDB client, string table, TimeProvider time, CancellationToken cancel = default) =>
        Open(client, table, time, new(time), cancel);

    internal static async Task<DynamoReleaseStore> Open(
        IAmazonDynamoDB client, string table, TimeProvider time, AwsCalls calls, CancellationToken cancel)
    {
        var store = new DynamoReleaseStore(client, table, time, calls);
        await RackFormat.Require(store._table, cancel);
        return store;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Event>> ListEvents(AppName app, int limit, CancellationToken cancel = default) =>
        [.. (await _table.Newest(
            Keys.PartitionOf(app), Keys.Events, limit, null, cancel)).Select(i => i.Document(StoreJson.Default.Event))];

    /// <summary>
    /// Part of a write of the app's document, so events are written one after the other, and each gets a later time than the one before,
    /// whatever the clocks of the machines say. A forward reader of the log misses none.
    /// </summary>
    private TransactWriteItem Append(AppName app, AppMeta seen, Event what) => Put(
        Item.From(Keys.Event(app, seen.Tick, RandomNumberGenerator.GetHexString(8, lowercase: true)), what, StoreJson.Default.Event));

    private TransactWriteItem Put(Item item) => Write.Put(_table.Name, item);

    private TransactWriteItem PutNew(Item item) => Write.PutNew(_table.Name, item);

    private TransactWriteItem Set(Key key, string name, long value) => Write.Set(_table.Name, key, name, value);

    private TransactWriteItem Replace(Item item, long seen) => Write.Replace(_table.Name, item, seen);

    /// <summary>Returns the current time, but always later than the last one, so that the writes of one process keep their order.</summary>
    private DateTimeOffset Tick()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _lastTick);
            var next = Math.Max(_time.GetUtcNow().UtcTicks, last + 1);
            if (Interlocked.CompareExchange(ref _lastTick, next, last) == last) return new(next, TimeSpan.Zero);
        }
    }
}
