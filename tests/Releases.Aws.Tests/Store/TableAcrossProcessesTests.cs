using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Store;

public sealed class TableAcrossProcessesTests(DynamoDbLocal dynamo)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_processes_at_once_lose_nothing_and_leave_no_gap()
    {
        var table = await dynamo.MakeTable();
        var workers = Enumerable.Range(0, 8).Select(_ => new Worker($"{dynamo.Endpoint}#{table}", 4)).ToList();
        Assert.All(await Task.WhenAll(workers.Select(w => w.Ended(Cancel))), Assert.Empty);
        workers.ForEach(w => w.Dispose());

        await using var store = await DynamoReleaseStore.Open(dynamo.Client(), table, TimeProvider.System, Cancel);
        await RequireWhole(store, 32);
    }

    [Fact]
    public async Task What_a_writer_was_answered_before_it_was_killed_is_there_and_the_table_is_whole()
    {
        var table = await dynamo.MakeTable();
        await using var store = await DynamoReleaseStore.Open(dynamo.Client(), table, TimeProvider.System, Cancel);
        var answered = new List<string>();
        for (var round = 1; round <= 4; round++)
        {
            using var worker = new Worker($"{dynamo.Endpoint}#{table}", int.MaxValue);
            for (var line = 0; line < round * 3; line++)
                answered.Add(await worker.NextId(Cancel) ?? throw new InvalidOperationException(await worker.Ended(Cancel)));
            answered.AddRange(await worker.Kill(Cancel));
            var releases = await store.ListReleases(A.App, int.MaxValue, cancel: Cancel);
            await RequireWhole(store, releases.Count);
            Assert.Empty(answered.Except(releases.Select(r => r.Id.ToString())));
        }
    }

    private static async Task RequireWhole(DynamoReleaseStore store, int count)
    {
        var app = await store.RequireApp(A.App, Cancel);
        var releases = await store.ListReleases(A.App, int.MaxValue, cancel: Cancel);
        Assert.Equal(Enumerable.Range(1, count).Reverse().Select(n => (long)n), releases.Select(r => r.Number));
        Assert.Equal((releases[0].Number, releases[0].Id), (app.LastNumber, app.Latest));
        Assert.Equal(count + 1, (await store.ListEvents(A.App, int.MaxValue, Cancel)).Count);
    }
}
