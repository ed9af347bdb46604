using Amazon.DynamoDBv2.Model;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Store;

public sealed class CostTests(DynamoDbLocal dynamo)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Twenty thousand releases are about ten answers of DynamoDB, each of at most 1 MB and 128 read units. A page that read further than
    /// its own releases would cost at least one such answer, and would with any larger number.
    /// </summary>
    [Fact]
    public async Task A_page_of_ten_costs_the_same_with_20_000_releases_as_with_ten()
    {
        var (few, many) = (await CostOfAPage(10), await CostOfAPage(20_000));
        TestContext.Current.SendDiagnosticMessage($"A page of 10 of 10 releases: {few} read units; of 20,000: {many}");
        Assert.InRange(few, 0.5, 10);
        Assert.InRange(many, few * 0.9, few * 1.1);
    }

    private async Task<double> CostOfAPage(int releases)
    {
        var table = await dynamo.MakeTable();
        using var filler = dynamo.Client();
        await Parallel.ForEachAsync(Enumerable.Range(1, releases).Chunk(25), Cancel, async (chunk, cancel) =>
        {
            var puts = chunk.Select(n => new WriteRequest(new PutRequest(
                Item.From(Keys.Release(A.App,
                    n), A.Release(n, description: "build 7329df90c1 this is my commit message"), StoreJson.Default.Release).Attributes)));
            await filler.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [table] = [.. puts] } }, cancel);
        });

        var client = new MeteredClient(dynamo.Endpoint);
        await using var store = await DynamoReleaseStore.Open(client, table, TimeProvider.System, Cancel);
        Assert.Equal(releases, (await store.ListReleases(A.App, 10, cancel: Cancel))[0].Number);
        return client.Units;
    }
}
