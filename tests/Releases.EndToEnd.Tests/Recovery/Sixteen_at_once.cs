using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

[Collection("racks")]
public sealed class Sixteen_at_once : IAsyncLifetime
{
    private readonly TestRack _rack = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Create_every_release_without_a_gap_and_promote_or_roll_back_one_at_a_time()
    {
        await _rack.Publish("services:\n  web:\n    port: 8080\n    environment:\n      - \"*\"\n", "web");
        await _rack.Do("promote");

        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => _rack.Run("env", "set", $"KEY{i}=value", "--id")));
        Assert.All(created, run => Assert.True(run.ExitCode == 0, run.All));
        var releases = (await _rack.Json("releases", "--all")).EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, 17).Reverse(), releases.Select(r => r.GetProperty("version").GetInt32()));
        Assert.Equal(16, created.Select(run => run.Out.Trim()).Distinct().Count());
        Assert.Equal(16, (await _rack.Do("env")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        var promoted = await Task.WhenAll(created.Select(run => _rack.Run("promote", run.Out.Trim())));
        var won = Enumerable.Range(0, 16).Where(i => promoted[i].ExitCode == 0).ToList();
        Assert.NotEmpty(won);
        Assert.All(promoted, run => Assert.True(run.ExitCode is 0 or 5, run.All));
        await using var rack = _rack.Open();
        var promotions = (await rack.Store.ListPromotions(TestRack.App, 100)).OrderBy(p => p.StartedAt).ToList();
        Assert.Equal(won.Count + 1, promotions.Count);
        Assert.All(promotions.Zip(promotions.Skip(1)),
            pair => Assert.True(pair.First.EndedAt <= pair.Second.StartedAt, "two promotions overlapped"));
        var active = await _rack.Active();
        Assert.Equal(promotions[^1].Release, active);
        Assert.StartsWith(active.ToString()!, await _rack.Get("/"), StringComparison.Ordinal);

        var back = await Task.WhenAll(created.Take(6).Select(run => _rack.Run("rollback", run.Out.Trim())));
        Assert.All(back, run => Assert.True(run.ExitCode is 0 or 1 or 5, run.All));
        var copies = (await rack.Store.ListReleases(TestRack.App, 100)).Where(r => r.CopyOf is not null).ToList();
        Assert.NotEmpty(copies);
        Assert.Equal(back.Count(run => run.ExitCode == 0), copies.Count);
        Assert.All(copies, copy => Assert.Equal(PromotionStatus.Succeeded, copy.LastOutcome));
    }

    [Fact]
    public async Task Start_one_daemon()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _rack.Run("rack", "start", "--json")));
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.All));
        Assert.Single(runs.Select(run => run.Out).Distinct());
    }
}
