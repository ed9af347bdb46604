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
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await using var stdout = new StreamWriter(new StandardStream(full, isData: true)) { AutoFlush = true };

        Assert.Equal(1, await Type(at => at.Redirected = stdout, line.Split(' ')));
        Assert.Equal(PromotionStatus.Succeeded,
            (await Rack.Store.RequirePromotion(A.App, driver.Promotion!.Value, Ending)).Status);
        Assert.Contains("web: complete", Talk, StringComparison.Ordinal);
        Assert.Contains("\nerror CONVOX0034: can't write to standard output: No space left on device", Talk, StringComparison.Ordinal);
        Assert.EndsWith(" The command itself has finished. Check where the output goes.\n", Talk, StringComparison.Ordinal);
    }
}
