using Microsoft.Data.Sqlite;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

public sealed class StoreAcrossProcessesTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Sixteen_processes_that_begin_with_no_home_at_all_lose_nothing_and_leave_no_gap()
    {
        var workers = Enumerable.Range(0, 16).Select(_ => new Worker(_home.Home.Folder, 3)).ToList();
        Assert.All(await Task.WhenAll(workers.Select(w => w.Ended(Cancel))), Assert.Empty);

        await using var store = _home.OpenStore();
        var releases = await store.ListReleases(A.App, 100, cancel: Cancel);
        Assert.Equal(Enumerable.Range(1, 48).Reverse().Select(n => (long)n), releases.Select(r => r.Number));
        Assert.Equal(48, releases.Select(r => r.Id).Distinct().Count());
        workers.ForEach(w => w.Dispose());
    }

    [Fact]
    public async Task Whenever_a_writer_is_killed_what_it_was_answered_is_there_and_the_store_is_whole()
    {
        var answered = new List<string>();
        for (var round = 1; round <= 10; round++)
        {
            using var worker = new Worker(_home.Home.Folder, int.MaxValue);
            for (var line = 0; line < round * 3; line++)
                answered.Add(await worker.NextId(Cancel) ?? throw new InvalidOperationException(await worker.Ended(Cancel)));
            answered.AddRange(await worker.Kill(Cancel));

            await using var store = _home.OpenStore();
            var app = await store.RequireApp(A.App, Cancel);
            var releases = await store.ListReleases(A.App, int.MaxValue, cancel: Cancel);
            Assert.Equal(Enumerable.Range(1, releases.Count).Reverse().Select(n => (long)n), releases.Select(r => r.Number));
            Assert.Equal((releases[0].Number, releases[0].Id), (app.LastNumber, app.Latest));
            Assert.Empty(answered.Except(releases.Select(r => r.Id.ToString())));
            Assert.Equal(releases.Count + 1, (await store.ListEvents(A.App, int.MaxValue, Cancel)).Count);
        }

        Assert.Equal("ok", Integrity());
    }

    private string? Integrity()
    {
        using var connection = new SqliteConnection($"Data Source={_home.Home.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return command.ExecuteScalar() as string;
    }
}
