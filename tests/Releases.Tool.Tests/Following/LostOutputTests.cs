using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Commands that print before their last effect, with a standard output that takes nothing.</summary>
public sealed class LostOutputTests : Typing
{
    [Theory]
    [InlineData("promote v2 --id")]
    [InlineData("promote v2")]
    [InlineData("restart --id")]
    [InlineData("rollback v1 --id")]
    [InlineData("env set A=1 --promote --from active")]
    [InlineData("env set A=1 --promote --from active --id")]
    public async Task They_promote_and_follow_to_the_end_and_fail_only_then(string line)
    {
        var old = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(old, cancel: Ending);
        var next = await Rack.Store.Release(cancel: Ending);
        if (!line.StartsWith("promote", StringComparison.Ordinal)) await Rack.Store.Promoted(next, cancel: Ending);
        var driver = new ScriptedDriver(Rack);
        Rack.DrivenBy = driver.Web(ServiceStatus.Complete, healthy: 1).Ends(PromotionStatus.Succeeded);
        await using var stdout = Full();

        Assert.Equal(1, await Type(at => at.Redirected = stdout, line.Split(' ')));
        Assert.Equal(PromotionStatus.Succeeded,
            (await Rack.Store.RequirePromotion(A.App, driver.Promotion!.Value, Ending)).Status);
        Assert.Contains("web: complete", Talk, StringComparison.Ordinal);
        Assert.Contains("\nerror CONVOX0034: can't write to standard output: No space left on device", Talk, StringComparison.Ordinal);
        Assert.EndsWith(" The command itself has finished. Check where the output goes.\n", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promote v2 --json", PromotionStatus.Failed, 3)]
    [InlineData("promote v2 --id", PromotionStatus.Failed, 3)]
    [InlineData("promote v2 --json", PromotionStatus.Stuck, 4)]
    [InlineData("promote v2 --hold --json", PromotionStatus.Cancelled, 3)]
    [InlineData("restart --json", PromotionStatus.Failed, 3)]
    [InlineData("rollback v1 --json", PromotionStatus.Failed, 3)]
    [InlineData("rollback v1 --id", PromotionStatus.Stuck, 4)]
    [InlineData("env set A=1 --promote --from active --json", PromotionStatus.Failed, 3)]
    [InlineData("env set A=1 --promote --from active", PromotionStatus.Failed, 3)]
    public async Task A_promotion_that_fails_is_reported_with_its_exit_code_by_every_command(
        string line, PromotionStatus outcome, int code)
    {
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        var next = await Rack.Store.Release(cancel: Ending);
        if (!line.StartsWith("promote", StringComparison.Ordinal)) await Rack.Store.Promoted(next, cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(outcome, "it didn't start");
        await using var stdout = Full();

        Assert.Equal(code, await Type(at => at.Redirected = stdout, line.Split(' ')));
        RequireReported();
        await using var again = Full();
        Assert.Equal(code, await Type(at => at.Redirected = again, "watch", "--json"));
        RequireReported();

        void RequireReported()
        {
            Assert.Contains(outcome == PromotionStatus.Stuck ? "CONVOX0025" : "CONVOX0024", Talk, StringComparison.Ordinal);
            Assert.DoesNotContain(ProblemCode.OutputLost, Talk, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("promote v2 --detach --json")]
    [InlineData("env set A=1 --promote --from active --detach --json")]
    public async Task A_detached_promotion_has_begun_and_can_be_followed(string line)
    {
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        await Rack.Store.Release(cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack);
        await using var stdout = Full();

        Assert.Equal(1, await Type(at => at.Redirected = stdout, line.Split(' ')));
        Assert.Contains(ProblemCode.OutputLost, Talk, StringComparison.Ordinal);
        Assert.DoesNotContain(ProblemCode.NotFollowed, Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("releases --json")]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task A_command_that_prints_data_fails(string line)
    {
        await Rack.Store.Release(cancel: Ending);
        await using var stdout = Full();
        Assert.Equal(1, await Type(at => at.Redirected = stdout, line.Split(' ')));
        Assert.Contains("The command itself has finished.", Talk, StringComparison.Ordinal);
        Assert.Single(Talk.Split("CONVOX0034").Skip(1));
    }

    [Fact]
    public async Task Following_logs_ends_at_once_and_does_not_say_that_it_has_finished()
    {
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        await using var stdout = Full();
        await stdout.WriteLineAsync("a line");

        Assert.Equal(1, await Type(
            at => (at.Redirected, at.ReaderGone) = (stdout, ((StandardStream)stdout.BaseStream).WhenLost), "logs", "-f"));
        Assert.EndsWith(
            "error CONVOX0034: can't write to standard output: No space left on device. Check where the output goes.\n", Talk,
            StringComparison.Ordinal);
    }

    private static StreamWriter Full()
    {
        var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        return new(new StandardStream(full)) { AutoFlush = true };
    }
}
