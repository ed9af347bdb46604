using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>
/// A promotion that is verified, held and moves by steps, whose daemon dies around each write that only such a
/// promotion has: from the first one of its verification to the one that ends the old processes. Its successor brings it to the same end.
/// </summary>
[Collection("racks")]
public sealed class A_daemon_that_dies_in_a_canary : IAsyncLifetime
{
    private const string Web =
        "services:\n  web: { port: 8080, health: /health, environment: ['*'], verify: 'true', "
        + "deployment: { strategy: canary, percent: 10, interval: 1s, bake: 1s } }\n";

    /// <summary>A moment before the verification, when what has happened so far happens in every promotion: the test fails if that is no
    /// longer so.</summary>
    private const int First = 14;

    private readonly TestRack _stopped = new();
    private ReleaseId _next;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _stopped.Publish(Web, "web");
        await _stopped.Do("promote");
        _next = await _stopped.Set("GREETING=next");
        await _stopped.Do("rack", "stop");
    }

    public ValueTask DisposeAsync() => _stopped.DisposeAsync();

    [Fact]
    public async Task Leaves_a_promotion_that_comes_to_the_same_end()
    {
        List<string> deaths = [];
        for (var moment = First; deaths.Count == 0 || deaths[^1] is not ("step 3" or "over");)
        {
            deaths.Add(await DiesAt(moment));
            TestContext.Current.TestOutputHelper?.WriteLine($"{moment}: {deaths[^1]}");
            // What has no effect leaves the same right after its write and right before the next one.
            moment += deaths[^1] is "verified" or "held" or "approved" ? 2 : 1;
        }

        // Right before a write, the one before it is what was written.
        Assert.Equal(["start", "verified", "held", "approved", "step 1", "step 2", "step 3"], deaths.Distinct());
    }

    /// <summary>The daemon dies at this moment; gives what was written by then, in the order of a promotion.</summary>
    private async Task<string> DiesAt(int moment)
    {
        await using var rack = await _stopped.Copy();
        var armed = rack.Start(
            new Dictionary<string, string?> { ["CONVOX_FAILPOINT"] = moment.ToString(CultureInfo.InvariantCulture) },
            "rack", "start", "--json");
        var daemon = JsonDocument.Parse((await armed.Ended).Out).RootElement.GetProperty("pid").GetInt32();
        // Whichever of these finds the daemon dead starts another one.
        await rack.Run("promote", _next.ToString(), "--hold", "--detach");
        await ApproveAndWait(rack, () => !TestRack.Lives(daemon));
        await rack.Do("rack", "start");
        await ApproveAndWait(rack, () => false);
        var ended = await rack.LastPromotion();
        Assert.True(ended is { Status: PromotionStatus.Succeeded, Hold.ApprovedBy: "somebody@box" }, $"at {moment}: {ended.Reason}");
        Assert.Equal([0, 10, 100, 100], ended.Steps.Select(s => s.Percent));
        Assert.All(ended.Steps.Skip(1).Take(2), s => Assert.True(s.EndedAt - s.Since >= TimeSpan.FromSeconds(1), $"at {moment}: {s}"));
        Assert.Equal(0, ended.VerifyCommands.Single().ExitCode);
        Assert.Equal(_next, await rack.Active());
        Assert.Equal($"{_next} next", await rack.Get("/"));
        await rack.Until(() => Task.FromResult(rack.LivingProcesses().Count == 1), $"at {moment}: only the new process is left");
        await using var opened = rack.Open();
        Assert.Null(await opened.Store.FindLock(TestRack.App, Cancel));
        var taken = (await opened.Store.ListEvents(TestRack.App, 100, Cancel)).Where(e => e.Kind == EventKind.PromotionTakenOver).ToList();
        return taken.Count == 0 ? "over" : WrittenBefore(taken[^1].At, ended);
    }

    /// <summary>Waits until the promotion has ended, or something else; approves it once it waits for that.</summary>
    private static async Task ApproveAndWait(TestRack rack, Func<bool> orElse)
    {
        var approved = false;
        await rack.Until(async () =>
        {
            if (orElse()) return true;
            var now = await rack.LastPromotion();
            if (now.WaitsForApproval && !approved) approved = (await rack.Run("approve", "--detach")).ExitCode == 0;
            return now.Ended;
        }, "it ends");
    }

    /// <summary>A command that its daemon's death interrupted runs again, and counts as of then.</summary>
    private static string WrittenBefore(DateTimeOffset death, Promotion promotion) => promotion switch
    {
        _ when promotion.Steps.LastOrDefault(s => s.Since < death) is { Step: > 0 and var step } => $"step {step}",
        { Hold.ApprovedAt: { } approved } when approved < death => "approved",
        { Hold.Since: { } held } when held < death => "held",
        { VerifyCommands: [{ EndedAt: { } verified }] } when verified < death => "verified",
        _ => "start",
    };
}
