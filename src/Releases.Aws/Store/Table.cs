using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Represents the rack's table. Reads are strongly consistent. A transaction that conflicts with another one is sent again; one whose
/// condition no longer holds is reported to the caller, which reads again and retries.
/// </summary>
internal sealed class Table(IAmazonDynamoDB client, string name, TimeProvider time, AwsCalls calls)
{
    private const int MaxWritesPerBatch = 25;
    private const int MaxReadsPerBatch = 100;
    private const string ConditionFailed = "ConditionalCheckFailed";

    /// <summary>How long a write is retried before it fails because others keep writing the same items.</summary>
    public static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private const string Conflict = "TransactionConflict";

    private static readonly string[] Throttles = ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"];

    public string Name => name;

    public Task<Item?> Get(Key key, CancellationToken cancel) => Translate(async () =>
    {
        var answer = await Call("GetItem", token => client.GetItemAsync(
            new GetItemRequest { TableName = name, Key = key.Attributes(), ConsistentRead = true },
            token), cancel, a => a.IsItemSet ? Wrong(a.Item) : null);
        return answer.IsItemSet ? new Item(answer.Item) : null;
    });

    /// <summary>Returns those of the items that exist.</summary>
    public Task<IReadOnlyList<Item>> GetAll(IEnumerable<Key> keys, CancellationToken cancel) => Translate<IReadOnlyList<Item>>(async () =>
    {
        var items = new List<Item>();
        foreach (var chunk in keys.Chunk(MaxReadsPerBatch))
        {
            var left = new Dictionary<string, KeysAndAttributes>
            { [name] = new() { Keys = [.. chunk.Select(k => k.Attributes())], ConsistentRead = true } };
            for (var from = time.GetTimestamp(); left.Count > 0;)
            {
                var answer = await Call("BatchGetItem",
                    token => client.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = left }, token), cancel,
                    a => a.Responses is { } found && found.TryGetValue(name, out var items)
                        ? items.Select(Wrong).FirstOrDefault()
                        : "it doesn't mention the table");
                if (answer.Responses is { } found && found.TryGetValue(name, out var some)) items.AddRange(some.Select(i => new Item(i)));
                left = answer.UnprocessedKeys ?? [];
                if (left.Count > 0) await PauseBatch("BatchGetItem", from, cancel);
            }
        }

        return items;
    });

    /// <summary>
    /// Returns the items of a partition whose sort key begins with a prefix, last one first, optionally only those below a sort key.
    /// </summary>
    public Task<IReadOnlyList<Item>> Newest(
        string partition, string prefix, int limit, string? below, CancellationToken cancel) => Translate<IReadOnlyList<Item>>(async () =>
    {
        var items = new List<Item>();
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var answer = await Call("Query", token => client.QueryAsync(Range(partition, prefix, below, limit - items.Count, from), token),
                cancel, Missing);
            items.AddRange((answer.Items ?? []).Select(i => new Item(i)));
            from = answer.LastEvaluatedKey;
        }
        while (from is { Count: > 0 } && items.Count < limit);
        return items;
    });

    /// <summary>Returns the items of a partition whose sort key begins with a prefix and is above another one, first one first.</summary>
    public Task<IReadOnlyList<Item>> After(
        string partition, string prefix, string after, int limit, CancellationToken cancel) => Translate<IReadOnlyList<Item>>(async () =>
    {
        var items = new List<Item>();
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var query = Range(partition, prefix, null, limit - items.Count, from);
            query.ScanIndexForward = true;
            query.KeyConditionExpression = $"{Keys.Partition} = :partition AND {Keys.Sort} BETWEEN :prefix AND :end";
            query.ExpressionAttributeValues[":prefix"] = new(after);
            query.ExpressionAttributeValues[":end"] = new(prefix + "~");
            // BETWEEN includes its lower bound, which has to be left out.
            query.ExclusiveStartKey ??= new Key(partition, after).Attributes();
            var answer = await Call("Query", token => client.QueryAsync(query, token), cancel, Missing);
            items.AddRange((answer.Items ?? []).Select(i => new Item(i)));
            from = answer.LastEvaluatedKey;
        }
        while (from is { Count: > 0 } && items.Count < limit);
        return items;
    });

    /// <summary>Writes all actions, or returns false if a condition doesn't hold and nothing was written.</summary>
    public async Task<bool> TryWrite(List<TransactWriteItem> actions, CancellationToken cancel)
    {
        string? throttle = null;
        try
        {
            return await Redo(() => Translate<(bool, bool)>(async () =>
            {
                // By the token, DynamoDB recognizes a transaction that is sent again because its response was lost.
                var request = new TransactWriteItemsRequest { TransactItems = actions, ClientRequestToken = Guid.NewGuid().ToString("n") };
                try
                {
                    await Call("TransactWriteItems", token => client.TransactWriteItemsAsync(request, token), cancel);
                    return (true, true);
                }
                catch (TransactionCanceledException cancelled)
                {
                    var codes = (cancelled.CancellationReasons ?? []).ConvertAll(r => r.Code);
                    if (codes.Contains(ConditionFailed)) return (true, false);
                    throttle = codes.Find(Throttles.Contains);
                    if (throttle is not null || codes.Contains(Conflict)) return (false, false);
                    throw;
                }
            }), cancel);
        }
        catch (ProblemException busy) when (throttle is not null && busy.Is(ProblemCode.StoreBusy))
        {
            throw DynamoProblems.Throttled("TransactWriteItems", name, throttle).ToException(busy);
        }
    }

    /// <summary>Deletes items in batches, which isn't atomic; for items that nothing refers to.</summary>
    public Task DeleteAll(IEnumerable<Key> keys, CancellationToken cancel) => Translate<object?>(async () =>
    {
        foreach (var chunk in keys.Chunk(MaxWritesPerBatch))
        {
            var left = new Dictionary<string, List<WriteRequest>>
            {
                [name] = [.. chunk.Select(
                k => new WriteRequest(new DeleteRequest(k.Attributes())))]
            };
            for (var from = time.GetTimestamp(); left.Count > 0;)
            {
                var answer = await Call(
                    "BatchWriteItem", token => client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = left }, token),
                    cancel);
                left = answer.UnprocessedItems ?? [];
                if (left.Count > 0) await PauseBatch("BatchWriteItem", from, cancel);
            }
        }

        return null;
    });

    /// <summary>Repeats an attempt, which reads, decides and writes, with randomized pauses until it is done.</summary>
    public async Task<T> Redo<T>(Func<Task<(bool Done, T Result)>> attempt, CancellationToken cancel)
    {
        var from = time.GetTimestamp();
        for (var pause = MinPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            if (await attempt() is (true, var result)) return result;
            if (time.GetElapsedTime(from) > RetryFor) throw DynamoProblems.Busy(name).ToException();
            await Task.Delay(pause * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 1000.0)), time, cancel);
        }
    }

    /// <summary>Waits before the rest of a batch is requested again, which DynamoDB leaves when it throttles the table.</summary>
    private async Task PauseBatch(string operation, long from, CancellationToken cancel)
    {
        if (time.GetElapsedTime(from) > RetryFor)
            throw DynamoProblems.Throttled(operation, name, "the batch stays incomplete").ToException();
        await Task.Delay(MaxPause, time, cancel);
    }

    private QueryRequest Range(string partition, string prefix, string? below, int limit, Dictionary<string, AttributeValue>? from)
    {
        var query = new QueryRequest
        {
            TableName = name,
            KeyConditionExpression = $"{Keys.Partition} = :partition AND begins_with({Keys.Sort}, :prefix)",
            ExpressionAttributeValues = new() { [":partition"] = new(partition), [":prefix"] = new(prefix) },
            ExclusiveStartKey = from,
            ScanIndexForward = false,
            ConsistentRead = true,
            Limit = limit,
        };
        if (below is null) return query;
        query.KeyConditionExpression = $"{Keys.Partition} = :partition AND {Keys.Sort} BETWEEN :prefix AND :below";
        query.ExpressionAttributeValues[":below"] = new(below);
        // BETWEEN includes its upper bound, which has to be left out.
        query.ExclusiveStartKey ??= new Key(partition, below).Attributes();
        return query;
    }

    private static string? Missing(QueryResponse answer) => answer.Items is null || answer.Items.Count != answer.Count
        ? "it has fewer Items than it counts" : answer.Items.Select(Wrong).FirstOrDefault();

    /// <summary>Returns what is missing in an item, or null if nothing is.</summary>
    private static string? Wrong(Dictionary<string, AttributeValue> item) =>
        item.TryGetValue(Keys.Partition, out var partition) && partition.S is not null && item.TryGetValue(Keys.Sort, out var sort)
        && sort.S is not null ? null : "an item has no key";

    /// <summary>Sends a request to DynamoDB about the table; every request is harmless when repeated.</summary>
    private Task<T> Call<T>(string action, Func<CancellationToken, Task<T>> ask, CancellationToken cancel, Func<T, string?>? missing = null)
        where T : AmazonWebServiceResponse => calls.Retry(CallTo(name, action), async token =>
    {
        var answer = await ask(token);
        return missing?.Invoke(answer) is { } wrong ? throw new UnreadableResponseException(wrong) : answer;
    }, cancel);

    /// <summary>Returns the description of a DynamoDB call, for messages.</summary>
    public static AwsCall CallTo(string table, string action) => new("DynamoDB", "dynamodb", action, $"the table {table}");

    private async Task<T> Translate<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (DynamoProblems.From(failure, name) is { } problem)
        {
            throw problem.ToException(failure);
        }
    }
}
