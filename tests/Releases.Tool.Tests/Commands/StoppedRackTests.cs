using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What commands that need what is running say of a rack whose daemon was stopped or died.</summary>
public sealed class StoppedRackTests : Typing
{
    private const string NotRunning = "hello isn't running because the rack is stopped. Start it: dotnet convox rack start\n";

    [Fact]
    public async Task No_process_is_missed_where_none_can_be()
    {
        await Active();
        Assert.Equal(1, await Type("exec", "web-4f21", "ls"));
        Assert.Equal(
            "error CONVOX0031: hello has no process 'web-4f21', because the rack is stopped. Start it: dotnet convox rack start\n", Talk);
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("metrics")]
    [InlineData("ps")]
    public async Task What_has_nothing_to_show_says_why(string command)
    {
        await Active();
        Assert.Equal(0, await Type(command));
        Assert.Equal(NotRunning, Talk);
    }

    [Fact]
    public async Task A_follower_of_the_log_knows_that_it_waits_for_a_start()
    {
        var release = await Active();
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", release.Id, "hello"));
        Assert.Equal(0, await Type("logs", "--follow"));
        Assert.Contains("hello", Data, StringComparison.Ordinal);
        Assert.Equal(NotRunning, Talk);
        Assert.Equal(0, await Type("logs"));
        Assert.Equal("", Talk);
    }

    [Fact]
    public async Task An_address_of_metrics_is_not_claimed_to_be_served()
    {
        Assert.Equal(0, await Type("rack", "metrics", "--port", "9464"));
        Assert.Equal("http://127.0.0.1:9464/metrics\n", Data);
        Assert.Equal("", Talk);
        Daemon.IsAlive = false;
        Assert.Equal(0, await Type("rack", "metrics"));
        Assert.Equal("No metrics are served now, because the rack is stopped. Start it: dotnet convox rack start\n", Talk);
    }

    [Theory]
    [InlineData("apps", "promoting (rack stopped)")]
    [InlineData("apps info", "promoting (rack stopped)")]
    [InlineData("releases", "promoting (rack stopped)")]
    [InlineData("releases info v1", "promoting (rack stopped)")]
    [InlineData("promotions", "(rack stopped)")]
    [InlineData("promotions info", "(rack stopped)")]
    public async Task A_promotion_that_nothing_drives_is_marked(string command, string status)
    {
        var release = await Rack.Store.Release(cancel: Ending);
        var open = A.Promotion(release);
        await Rack.Store.BeginPromotion(open, "the daemon", A.Event(EventKind.PromotionStarted, release.Id, open.Id), Ending);
        foreach (var isAlive in (bool[])[true, false])
        {
            Daemon.IsAlive = isAlive;
            Assert.Equal(0, await Type(command.Split(' ')));
            Assert.Equal(!isAlive, Data.Contains(status, StringComparison.Ordinal));
        }
    }

    private async Task<Release> Active()
    {
        Daemon.IsAlive = false;
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        return release;
    }
}
