using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Promoting;

[Collection("racks")]
public sealed class A_promotion_that_goes_wrong : IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n";

    private readonly TestRack _rack = new();

    public async ValueTask InitializeAsync()
    {
        await _rack.Publish(Web, "web");
        await _rack.Set("GREETING=good");
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Crashing_at_start_shows_why_and_leaves_what_ran_untouched()
    {
        var before = await _rack.Processes("web");
        var run = await Fails("CRASH_AT_START=1");

        Assert.Contains("cannot start: CRASH_AT_START is set", run.Error, StringComparison.Ordinal);
        Assert.Matches("web exited with code 3 after [0-9.]+ s, before it became healthy \\(3 times\\)", run.Error);
        Assert.Equal(before, await _rack.Processes("web"));
    }

    [Fact]
    public async Task Being_the_first_says_that_nothing_is_live_and_claims_nothing_to_be_back()
    {
        await using var first = new TestRack();
        await first.Publish(Web, "web");
        await first.Set("CRASH_AT_START=1");
        var run = await first.Run("promote");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("No release was active before, and none is now. Details:", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not verified", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answering_500_until_the_limit_says_what_it_answered()
    {
        await FailsAtItsLimit("HEALTH=500", @"web didn't complete within \d+s: 0 of 1 processes are healthy \(answered 500 to GET /health\)\.");
    }

    [Fact]
    public async Task Never_listening_says_that_it_does_not_listen()
    {
        await FailsAtItsLimit("NEVER_LISTEN=1", @"\(doesn't listen on 127\.0\.0\.1:3\d{4}\)\.");
    }

    [Fact]
    public async Task Listening_elsewhere_says_just_that()
    {
        await FailsAtItsLimit(
            $"LISTEN_ON={FreePort.Take()}",
            @"listens on 127\.0\.0\.1:\d+, not on 127\.0\.0\.1:3\d{4} as PORT and ASPNETCORE_URLS tell it to; remove its fixed address from app\.Run");
    }

    [Fact]
    public async Task Cancelling_from_another_terminal_takes_it_back()
    {
        await _rack.Set("GREETING=slow", "HEALTHY_AFTER=600");
        var promoting = _rack.Start("promote");
        await _rack.Until(async () => (await _rack.LastPromotion()).Status == PromotionStatus.RollingOut, "rolling out");

        var cancel = await _rack.Run("cancel");

        Assert.True(cancel.ExitCode == 0, cancel.All);
        var promoted = await promoting.Ended;
        Assert.Equal(3, promoted.ExitCode);
        Assert.Contains("cancelled by somebody@box", promoted.Error, StringComparison.Ordinal);
        Assert.EndsWith(" good", await _rack.Get("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Being_interrupted_only_detaches(string signal)
    {
        var healthy = Path.Combine(_rack.Home, "healthy");
        var next = await _rack.Set("GREETING=next", $"HEALTHY_WHEN={healthy}");
        var promoting = _rack.Start("promote");
        await _rack.Until(async () => (await _rack.LastPromotion()).Status == PromotionStatus.RollingOut, "rolling out");

        TestRack.Signal(promoting.ProcessId, signal);

        var detached = await promoting.Ended;
        Assert.Equal(130, detached.ExitCode);
        Assert.Contains("dotnet convox watch", detached.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(healthy, "");
        var watched = await _rack.Run("watch");
        Assert.True(watched.ExitCode == 0, watched.All);
        Assert.Equal(next, await _rack.Active());
    }

    [Fact]
    public async Task Losing_its_command_to_a_kill_at_any_of_its_states_goes_on()
    {
        for (var states = 1; states <= 4; states++)
        {
            var next = await _rack.Set($"GREETING=next {states}");
            var command = _rack.Start("promote", next.ToString());
            var seen = new HashSet<string>();
            await _rack.Until(
                async () =>
                {
                    if (await _rack.LastPromotion() is not { } now || now.Release != next) return false;
                    seen.Add($"{now.Status} {string.Join(' ', now.Services.Select(s => s.Status))}");
                    return now.Ended || seen.Count == states;
                }, $"the promotion of {next} has had {states} states");
            TestRack.Signal(command.ProcessId, "KILL");
            await command.Ended;

            await _rack.Until(async () => (await _rack.LastPromotion()).Ended, "the promotion ends without its command");
            Assert.Equal(PromotionStatus.Succeeded, (await _rack.LastPromotion()).Status);
            Assert.Equal(next, await _rack.Active());
            Assert.EndsWith($"next {states}", await _rack.Get("/"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_second_one_is_refused_and_told_who_holds_the_lock()
    {
        await _rack.Set("GREETING=slow", "HEALTHY_AFTER=600");
        var first = _rack.Start("promote", "--detach");
        Assert.Equal(0, (await first.Ended).ExitCode);

        var second = await _rack.Run("promote", "v1");

        Assert.Equal(5, second.ExitCode);
        Assert.Contains("somebody@box", second.Error, StringComparison.Ordinal);
        Assert.Contains((await _rack.LastPromotion()).Release.ToString(), second.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _rack.Run("cancel")).ExitCode);
    }

    /// <summary>
    /// Promotes a release that fails at its time limit, which has to leave the process the time to start and to do what the failure names:
    /// the next limit is longer.
    /// </summary>
    private async Task FailsAtItsLimit(string variable, string reason)
    {
        ToolRun run = null!;
        foreach (var limit in (string[])["6s", "20s", "50s"])
        {
            run = await Fails(variable, "--timeout", limit);
            if (Regex.IsMatch(run.Error, reason)) return;
        }

        Assert.Matches(reason, run.Error);
    }

    /// <summary>Promotes a release that cannot succeed, and holds that everything is as it was.</summary>
    private async Task<ToolRun> Fails(string variable, params string[] options)
    {
        var active = await _rack.Active();
        await _rack.Set($"GREETING=bad {string.Join(' ', options)}", variable);
        var run = await _rack.Run(["promote", .. options]);
        Assert.True(run.ExitCode == 3, run.All);
        Assert.Contains($"({active}) is still live", run.Error, StringComparison.Ordinal);
        Assert.Equal(active, await _rack.Active());
        Assert.EndsWith(" good", await _rack.Get("/"), StringComparison.Ordinal);
        Assert.Equal(PromotionStatus.Failed, (await _rack.LastPromotion()).Status);
        return run;
    }
}
