using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class LogsOfNothingTests : Typing
{
    [Fact]
    public async Task None_of_the_lines_that_there_are_is_what_was_asked_for_and_nothing_is_said()
    {
        await Rack.Store.App(cancel: Ending);
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", ReleaseId.New(), "hello"));
        Assert.Equal(0, await Type("logs", "--tail", "0"));
        Assert.Equal("", Data + Talk);
    }

    [Fact]
    public async Task An_app_that_printed_nothing_is_told_as_that()
    {
        await Rack.Store.App(cancel: Ending);
        Assert.Equal(0, await Type("logs"));
        Assert.Equal("hello hasn't printed anything yet. See its processes: dotnet convox ps\n", Talk);
    }

    [Fact]
    public async Task A_rack_that_reads_the_last_hour_says_so_and_how_to_look_further_back()
    {
        await Rack.Store.App(cancel: Ending);
        Rack.NowRunning.LogPeriod = TimeSpan.FromHours(1);
        Assert.Equal(0, await Type("logs"));
        Assert.Equal("No lines of hello in the last hour. Look further back: dotnet convox logs --since 24h\n", Talk);
    }

    [Fact]
    public async Task A_period_that_was_asked_for_is_all_that_was_read()
    {
        await Rack.Store.App(cancel: Ending);
        Rack.NowRunning.LogPeriod = TimeSpan.FromHours(1);
        Assert.Equal(0, await Type("logs", "--since", "2d"));
        Assert.Equal("No lines of hello match.\n", Talk);
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("logs", "--since", "24h")]
    public async Task A_release_whose_processes_are_forgotten_may_have_printed_something(params string[] words)
    {
        var release = await Rack.Store.Release(cancel: Ending);
        Rack.NowRunning.LogPeriod = TimeSpan.FromHours(1);
        Assert.Equal(0, await Type([.. words, "--release", "v1", "--service", "web"]));
        Assert.Equal(
            $"No lines of {release.Label} found. Which release a process ran is known only if it ran in about the last hour. "
            + "Show the lines of every release: dotnet convox logs --service web --since 24h\n", Talk);
    }
}
