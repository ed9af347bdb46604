using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What a message repeats of a line of the daemon's log.</summary>
public sealed class DaemonLogLineTests
{
    [Fact]
    public void Is_the_sentence_without_the_time_that_is_written_before_it() =>
        Assert.Equal("the port 8480 is taken.", DaemonLogLine.Sentence(DaemonLogLine.Of(DateTimeOffset.UnixEpoch, "the port 8480 is taken.")));

    [Theory]
    [InlineData("Unhandled exception. System.IO.IOException")]
    [InlineData("2026-11-30 06:22:33 is no time of the daemon's")]
    [InlineData("")]
    public void Is_all_of_a_line_that_the_daemon_did_not_write(string line) => Assert.Equal(line, DaemonLogLine.Sentence(line));
}
