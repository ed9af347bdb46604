using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Store;

public sealed class StoreRefusalsTests(DynamoDbLocal dynamo)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_its_table_says_how_the_rack_is_made()
    {
        var problem = await ServiceError(dynamo.Client(), "convox-nowhere");
        Assert.Equal(ProblemCode.NoRack, problem.Code);
        Assert.Equal(
            "there is no table 'convox-nowhere', so this rack doesn't exist yet. Nothing was stored. Create it: dotnet convox rack init",
            problem.Sentence);
    }

    [Fact]
    public async Task A_table_of_something_else_is_not_touched()
    {
        using var client = dynamo.Client();
        var table = await dynamo.MakeTable();
        await client.DeleteItemAsync(table, Keys.Rack.Attributes(), Cancel);
        var problem = await ServiceError(dynamo.Client(), table);
        Assert.Equal(ProblemCode.NoRack, problem.Code);
        Assert.Empty((await client.ScanAsync(new ScanRequest(table), Cancel)).Items);
    }

    [Fact]
    public async Task A_rack_of_a_newer_version_is_refused()
    {
        using var client = dynamo.Client();
        var table = await dynamo.MakeTable();
        await client.PutItemAsync(table, RackFormat.Item().With("writer", 2).Attributes, Cancel);
        Assert.Equal(ProblemCode.NewerFormat, (await ServiceError(dynamo.Client(), table)).Code);
    }

    [Fact]
    public async Task An_address_where_nobody_answers_is_named_as_such()
    {
        var client = new AmazonDynamoDBClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1", AuthenticationRegion = "eu-west-1", MaxErrorRetry = 0 });
        var problem = await ServiceError(client, "convox-any");
        Assert.Equal(ProblemCode.Unreachable, problem.Code);
        Assert.Contains("Connection refused", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_stays_incomplete_is_given_up_and_says_that_the_table_is_throttled()
    {
        var table = await dynamo.MakeTable();
        var time = new PausesPass();
        var client = new NothingProcessed(dynamo.Endpoint);
        await using var store = await DynamoReleaseStore.Open(client, table, time, Cancel);
        await store.CreateApp(A.App, A.Event(), Cancel);
        var throttled = (await Assert.ThrowsAsync<ProblemException>(() => store.ListApps(Cancel))).Problems[0];
        Assert.Equal(ProblemCode.Unavailable, throttled.Code);
        Assert.StartsWith($"DynamoDB throttles BatchGetItem on the table {table}: ", throttled.Message, StringComparison.Ordinal);
        Assert.InRange(client.Batches, 30, 40);
    }

    [Fact]
    public async Task An_app_whose_deletion_was_cut_short_begins_empty_when_it_is_made_again()
    {
        var table = await dynamo.MakeTable();
        await using var store = await DynamoReleaseStore.Open(dynamo.Client(), table, TimeProvider.System, Cancel);
        var release = await store.Release(cancel: Cancel);
        var left = await Raw(table, Keys.Release(A.App, 1));
        await store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        using var client = dynamo.Client();
        await client.PutItemAsync(table, left, Cancel);

        await store.CreateApp(A.App, A.Event(), Cancel);
        Assert.Empty(await store.ListReleases(A.App, 10, cancel: Cancel));
        Assert.Equal(release.Number + 1, (await store.Release(cancel: Cancel)).Number);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_deletion_that_takes_long_removes_nothing_of_an_app_that_was_made_again_meanwhile(int page)
    {
        var table = await dynamo.MakeTable();
        await using var store = await DynamoReleaseStore.Open(dynamo.Client(), table, TimeProvider.System, Cancel);
        await store.Release(cancel: Cancel);
        var client = new SlowSweeper(dynamo.Endpoint) { Page = page };
        Release? next = null;
        client.BeforePage = async () =>
        {
            next = await store.Release(cancel: Cancel);
            await store.Promoted(next, cancel: Cancel);
        };
        await using var slow = await DynamoReleaseStore.Open(client, table, TimeProvider.System, Cancel);
        await slow.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);

        Assert.Equal([next!.Id], (await store.ListReleases(A.App, 10, cancel: Cancel)).Select(r => r.Id));
        Assert.NotNull(await store.FindRelease(A.App, next.Id, Cancel));
        Assert.Single(await store.ListPromotions(A.App, 10, cancel: Cancel));
    }

    /// <summary>A document has the same key whoever stores it.</summary>
    [Fact]
    public async Task A_deletion_that_takes_long_does_not_remove_a_document_that_was_stored_again_meanwhile()
    {
        var table = await dynamo.MakeTable();
        await using var store = await DynamoReleaseStore.Open(dynamo.Client(), table, TimeProvider.System, Cancel);
        var document = EvidenceDocument.Of([1]);
        await Publish();
        var client = new SlowSweeper(dynamo.Endpoint) { BeforeDelete = Publish };
        await using var slow = await DynamoReleaseStore.Open(client, table, TimeProvider.System, Cancel);
        await slow.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        Assert.NotNull(await store.ReadDocument(A.App, document.Digest, Cancel));

        async Task Publish()
        {
            if (await store.FindApp(A.App, Cancel) is not { DeletedAt: null }) await store.CreateApp(A.App, A.Event(), Cancel);
            var app = await store.RequireApp(A.App, Cancel);
            Assert.True(await store.TryAddRelease(
                new(A.Release(app.LastNumber + 1), app.Latest, A.Event()) { Documents = [document] }, Cancel));
        }
    }

    [Theory]
    [InlineData("R#0000000001", "doc", "{")]
    [InlineData("R#0000000001", "doc", null)]
    [InlineData("R#0000000001", "outcome", "unheard of")]
    [InlineData("M", "content", null)]
    [InlineData("E", "content", null)]
    public async Task A_damaged_record_is_reported_under_its_key(string sort, string attribute, string? content)
    {
        var table = await dynamo.MakeTable();
        await using var store = await DynamoReleaseStore.Open(dynamo.Client(), table, TimeProvider.System, Cancel);
        await store.App(cancel: Cancel);
        var release = A.Release() with { Manifest = ManifestId.Of("services: {}"), Environment = SnapshotId.New() };
        Assert.True(await store.TryAddRelease(new(release, null, A.Event(), "services: {}", [1, 2, 3]), Cancel));
        var key = sort == "M" ? Keys.Manifest(release.Manifest!.Value)
            : sort == "E" ? Keys.Snapshot(A.App, release.Environment!.Value) : new Key(Keys.PartitionOf(A.App), sort);
        var item = await Raw(table, key);
        item.Remove(attribute);
        if (content is not null) item[attribute] = new(content);
        using var client = dynamo.Client();
        await client.PutItemAsync(table, item, Cancel);

        var problem = (await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await store.FindRelease(A.App, release.Id, Cancel);
            await store.ReadManifest(release.Manifest!.Value, Cancel);
            await store.ReadSnapshot(A.App, release.Environment!.Value, Cancel);
        })).Problems[0];
        Assert.Equal(ProblemCode.DamagedStore, problem.Code);
        Assert.Equal(
            $"the record {key.Partition} {key.Sort} of the rack's table is damaged or missing. Running services aren't affected.",
            problem.Message);
    }

    private async Task<Dictionary<string, AttributeValue>> Raw(string table, Key key)
    {
        using var client = dynamo.Client();
        return (await client.GetItemAsync(table, key.Attributes(), Cancel)).Item;
    }

    private static async Task<Problem> ServiceError(AmazonDynamoDBClient client, string table)
    {
        using (client)
        {
            var thrown = await Assert.ThrowsAsync<ProblemException>(() => DynamoReleaseStore.Open(client, table, TimeProvider.System,
                new(TimeProvider.System, CallLimits.Setup with { RetryFor = TimeSpan.Zero }), Cancel));
            return thrown.Problems[0];
        }
    }

    /// <summary>A clock that stands still but for pauses of up to a second, which pass at once; time limits of calls are longer.</summary>
    private sealed class PausesPass() : FakeTimeProvider(A.Moment)
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.Zero || dueTime > TimeSpan.FromSeconds(1)) return base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>A client of a process that stands still before it reads one of the pages that it removes.</summary>
    private sealed class SlowSweeper(Uri endpoint) : AmazonDynamoDBClient(
        new BasicAWSCredentials("test", "test"),
        new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "eu-west-1" })
    {
        private int _pages;

        public int Page { get; init; }

        public Func<Task> BeforePage { get; set; } = () => Task.CompletedTask;

        /// <summary>Called before documents are removed.</summary>
        public Func<Task> BeforeDelete { get; set; } = () => Task.CompletedTask;

        public override async Task<BatchWriteItemResponse> BatchWriteItemAsync(
            BatchWriteItemRequest request, CancellationToken cancellationToken = default)
        {
            await Before(request.RequestItems.Values.SelectMany(r => r).Select(r => r.DeleteRequest?.Key));
            return await base.BatchWriteItemAsync(request, cancellationToken);
        }

        public override async Task<TransactWriteItemsResponse> TransactWriteItemsAsync(
            TransactWriteItemsRequest request, CancellationToken cancellationToken = default)
        {
            await Before(request.TransactItems.Select(a => a.Delete?.Key));
            return await base.TransactWriteItemsAsync(request, cancellationToken);
        }

        private async Task Before(IEnumerable<Dictionary<string, AttributeValue>?> deleted)
        {
            if (!deleted.Any(k => k?[Keys.Sort].S.StartsWith(Keys.Documents, StringComparison.Ordinal) ?? false)) return;
            var once = BeforeDelete;
            BeforeDelete = () => Task.CompletedTask;
            await once();
        }

        public override async Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default)
        {
            if (++_pages == Page) await BeforePage();
            return await base.QueryAsync(request, cancellationToken);
        }
    }

    /// <summary>A client of a table that is throttled so much that no item of a batch is read.</summary>
    private sealed class NothingProcessed(Uri endpoint) : AmazonDynamoDBClient(
        new BasicAWSCredentials("test", "test"),
        new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "eu-west-1" })
    {
        public int Batches { get; private set; }

        public override Task<BatchGetItemResponse> BatchGetItemAsync(
            BatchGetItemRequest request, CancellationToken cancellationToken = default)
        {
            Batches++;
            var (table, nothing) = (request.RequestItems.Keys.Single(), new List<Dictionary<string, AttributeValue>>());
            return Task.FromResult(new BatchGetItemResponse
            {
                Responses = new() { [table] = nothing },
                UnprocessedKeys = request.RequestItems,
            });
        }
    }
}
