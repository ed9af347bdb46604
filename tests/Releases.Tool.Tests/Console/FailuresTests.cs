using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What becomes of a failure that no page can show.</summary>
public sealed class FailuresTests : Browsing
{
    [Fact]
    public async Task What_fails_after_the_browser_left_is_said_on_the_terminal()
    {
        await Fails(new Problem(ProblemCode.Daemon, "The daemon did not take it.", "See its log.").ToException());
        Assert.EndsWith($"error {ProblemCode.Daemon}: The daemon did not take it. See its log.\n", Terminal.Talk.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_the_browser_left_is_no_failure()
    {
        var before = Terminal.Talk.ToString();
        await Fails(new OperationCanceledException());
        await Fails(new ConnectionResetException("The client has disconnected."));
        await Fails(new TaskCanceledException("The request was aborted", new ConnectionAbortedException()), isSaidToHaveLeft: false);
        await Fails(new BadHttpRequestException("Unexpected end of request content."));
        Assert.Equal(before, Terminal.Talk.ToString());
    }

    private Task Fails(Exception failure, bool isSaidToHaveLeft = true)
    {
        var http = new DefaultHttpContext { RequestAborted = new(isSaidToHaveLeft) };
        return Failures.BecomePages(new(http, ConsoleContext), _ => Task.FromException(failure));
    }
}
