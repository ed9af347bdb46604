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
}
