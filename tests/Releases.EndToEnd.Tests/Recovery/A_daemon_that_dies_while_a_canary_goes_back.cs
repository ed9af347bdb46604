using System.Globalization;
using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>
/// A promotion by steps that fails, whose daemon dies around each write on the way back. The command that follows it starts another one,
/// which brings it to the same end. What was there before is there afterwards, so all of it happens on one rack.
/// </summary>
[Collection("racks")]
public sealed class A_daemon_that_dies_while_a_canary_goes_back : IAsyncLifetime
{
    /// <summary>The program that is asked for its health says that it is well, whatever it answers to others.</summary>
    private const string Web =
        "services:\n  web: { port: 8080, health: /env/RELEASE, environment: ['*'], verify: 'test -z \"$UNFIT\"', "
        + "deployment: { strategy: canary, percent: 10, interval: 10m, bake: 10m } }\n";

    private readonly TestRack _rack = new();
    private ReleaseId _good;
    private Uri _address = null!;
    private int _daemon;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _good = (await _rack.Publish(Web, "web")).Id;
        await _rack.Do("promote");
        (_address, _daemon) = (await _rack.Address("web"), await _rack.DaemonProcess());
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    /// <summary>
    /// From some moment before the verdict. What follows it is the same after a <c>verify</c> command, so of that only the beginning, and
    /// after the end it is the same as in any other promotion that failed.
    /// </summary>
    [Theory]
    [InlineData("UNFIT=1", 14, @"the verify command of web exited with code 1\.", new[] { "verified", "rolling back" })]
    [InlineData("HEALTH=500", 18, @"web answered (100|9\d(\.\d)?) % with 5xx \(before: 0 %\)\.",
        new[] { "step 1", "rolling back", "rolled back" })]
    public async Task Leaves_what_was_active_before(string next, int first, string reason, string[] written)
    {
        var bad = await _rack.Set(next);
        List<string> deaths = [];
        for (var moment = first; deaths.Count == 0 || deaths[^1] != written[^1];)
        {
            deaths.Add(await DiesAt(moment, bad, reason));
            TestContext.Current.TestOutputHelper?.WriteLine($"{moment}: {deaths[^1]}");
            // What has no effect leaves the same right after its write and right before the next one.
            moment += deaths[^1] is "verified" or "step 1" ? 2 : 1;
        }

        Assert.Equal(written, deaths.Distinct());
    }

    /// <summary>The daemon dies at this moment; gives what was written by then.</summary>
    private async Task<string> DiesAt(int moment, ReleaseId bad, string reason)
    {
        TestRack.Signal(_daemon, "KILL");
        await Patience.Until(() => !TestRack.Lives(_daemon));
        var daemon = _daemon = await Start(new() { ["CONVOX_FAILPOINT"] = moment.ToString(CultureInfo.InvariantCulture) });
        using var client = new HttpClient { BaseAddress = _address };
        client.DefaultRequestHeaders.Add("X-Convox-Release", bad.ToString());
        var promoting = _rack.Start("promote", bad.ToString());
        await _rack.Until(async () =>
        {
            // A verdict that is written needs no more requests, by whichever daemon.
            if (await _rack.LastPromotion() is { Ended: false, Traffic.Percent: > 0, Steps: [.., { Verdicts: [] }] }) await Ask(client);
            return promoting.Ended.IsCompleted;
        }, $"at {moment}: it ends");
        var (run, promotion) = (await promoting.Ended, await _rack.LastPromotion());
        Assert.True(run.ExitCode == 3, $"at {moment}: {run.ExitCode}\n{run.All}\n{_rack.DaemonLog()}");
        Assert.Equal((bad, PromotionStatus.Failed), (promotion.Release, promotion.Status));
        Assert.Matches($"^{reason}$", promotion.Reason!);
        Assert.Equal(ServiceStatus.RolledBack, promotion.Services.Single().Status);
        Assert.Equal(_good, await _rack.Active());
        // Where it died after the end was written, this is the command that brings the services back.
        if (!TestRack.Lives(daemon)) _daemon = await Start([]);
        await Patience.Until(async () => await Serves(client) && _rack.LivingProcesses().Count == 1);
        await using var opened = _rack.Open();
        Assert.Null(await opened.Store.FindLock(TestRack.App, Cancel));
        var taken = (await opened.Store.ListEvents(TestRack.App, 10, Cancel))
            .FirstOrDefault(e => e.Kind == EventKind.PromotionTakenOver && e.Promotion == promotion.Id);
        return taken is null ? "over" : WrittenBefore(taken.At, promotion);
    }

    private async Task<int> Start(Dictionary<string, string?> variables) =>
        JsonDocument.Parse((await _rack.Start(variables, "rack", "start", "--json").Ended).Out).RootElement.GetProperty("pid").GetInt32();

    /// <summary>As often as a verdict needs.</summary>
    private static async Task Ask(HttpClient client)
    {
        try
        {
            for (var i = 0; i < 60; i++) using (await client.GetAsync(new Uri("/", UriKind.Relative), Cancel)) { }
        }
        catch (HttpRequestException)
        {
            // The daemon is dead.
        }
    }

    private async Task<bool> Serves(HttpClient client)
    {
        try
        {
            return (await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel)).Trim() == _good.ToString();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string WrittenBefore(DateTimeOffset death, Promotion promotion)
    {
        var service = promotion.Services.Single();
        if (service.Timeline.Any(t => t.Status == ServiceStatus.RolledBack && t.At < death)) return "rolled back";
        if (service.Timeline.Any(t => t.Status == ServiceStatus.RollingBack && t.At < death)) return "rolling back";
        return promotion.Steps[^1].Step > 0 ? "step 1" : "verified";
    }
}
