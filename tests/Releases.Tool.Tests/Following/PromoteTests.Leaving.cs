using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class PromoteTests
{
    [Fact]
    public async Task Being_interrupted_while_it_is_asked_for_says_that_it_may_have_begun()
    {
        await TwoReleases();
        using var interrupt = new CancellationTokenSource();
        _driver.BeforeItsResponse = interrupt.Cancel;

        Assert.Equal(130, await Begin(_ => { }, interrupt.Token, "promote"));
        Assert.Equal(
            "Interrupted. The promotion may have started. See whether it has: dotnet convox watch\n",
            Talk);
    }

    [Fact]
    public async Task A_service_that_the_release_no_longer_has_is_said_to_be_stopped()
    {
        await TwoReleases();
        _driver.Web(ServiceStatus.Complete, healthy: 2)
            .Ends(PromotionStatus.Succeeded, with: p => p with { Retired = [ServiceName.Parse("api"), ServiceName.Parse("worker")] });
        Assert.Equal(0, await Type("promote"));
        Assert.EndsWith("\nv2 (ROCHMCOUESG) doesn't have api and worker, which ran before.\n", Talk, StringComparison.Ordinal);
        Assert.StartsWith("v2 (ROCHMCOUESG) is active\n", Data, StringComparison.Ordinal);

        _driver.Web(ServiceStatus.RolledBack).Ends(PromotionStatus.Failed, with: p => p with { Retired = [ServiceName.Parse("api")] });
        Assert.Equal(3, await Type("promote", "v1"));
        Assert.DoesNotContain("Stopped", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detached_it_returns_when_it_has_begun()
    {
        await TwoReleases();
        Assert.Equal(0, await Type("promote", "--detach", "--id"));
        Assert.Equal($"{_driver.Promotion}\n", Data);
        Assert.EndsWith("The promotion continues in the background. Follow it: dotnet convox watch\n", Talk,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_leaves_with_Ctrl_C_is_told_what_goes_on_without_them()
    {
        await TwoReleases();
        using var leaving = new CancellationTokenSource();
        var running = Begin(_ => { }, leaving.Token, "promote");
        await Time.PassesUntil(running, leaving.CancelAsync);

        Assert.Equal(130, await running);
        Assert.EndsWith(
            "Detached. The promotion continues in the background. Follow it: dotnet convox watch. Stop it: dotnet convox cancel\n",
            Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_leaves_with_Ctrl_C_is_told_what_is_waited_for_until_it_can_be_left()
    {
        await TwoReleases();
        using var leaving = new CancellationTokenSource();
        _driver.Leaving = async (waiting, cancel) =>
        {
            waiting("it is asked for");
            await Task.Delay(TimeSpan.FromMinutes(9), Time, cancel);
            return "goes on by itself";
        };
        var running = Begin(_ => { }, leaving.Token, "promote");
        await Time.PassesUntil(running, leaving.CancelAsync);

        Assert.Equal(130, await running);
        Assert.EndsWith(
            """
            Leaving the promotion once it is asked for. A second Ctrl-C ends the tool at once and leaves the promotion as it is then. Resume it: dotnet convox watch
            Detached. The promotion goes on by itself. Follow it: dotnet convox watch. Stop it: dotnet convox cancel

            """, Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_ends_before_it_can_be_left_is_told_as_if_it_had_been_followed(bool detach)
    {
        await TwoReleases();
        using var leaving = new CancellationTokenSource();
        _driver.Ends(PromotionStatus.Failed, "the release command of web exited with code 3.", p => p with
        {
            Services = [],
            ReleaseCommands = [new() { Service = A.Web, StartedAt = A.Moment, EndedAt = A.Moment, ExitCode = 3 }],
        });
        _driver.Leaving = async (_, _) =>
        {
            await _driver.Step();
            return null;
        };
        var running = Begin(_ => { }, leaving.Token, detach ? ["promote", "--detach"] : ["promote"]);
        await Time.PassesUntil(running, leaving.CancelAsync);

        Assert.Equal(3, await running);
        Assert.EndsWith(
            $"wasn't promoted: the release command of web exited with code 3. No process was replaced: v1 (RIHVPQXQWSR) is still active. Details: dotnet convox promotions info {_driver.Promotion}\n",
            Talk, StringComparison.Ordinal);
    }
}
