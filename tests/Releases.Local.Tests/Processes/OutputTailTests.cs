using Xunit;

namespace Releases.Local.Tests.Processes;

public sealed class OutputTailTests
{
    private readonly OutputTail _lines = new();

    [Fact]
    public void The_last_twenty_are_kept()
    {
        Print(Enumerable.Range(1, 25).Select(n => $"line {n}"));
        Assert.Equal(Enumerable.Range(6, 20).Select(n => $"line {n}"), _lines.All);
    }

    [Fact]
    public void Of_a_crash_with_a_long_trace_its_first_lines_are_kept_and_what_is_left_out_shows()
    {
        string[] crash = ["Unhandled exception. System.IO.IOException: Failed to bind.",
            " ---> System.Net.Sockets.SocketException (98): Address already in use", "   at 0"];
        Print(["starting", .. crash, .. Enumerable.Range(1, 40).Select(n => $"   at {n}")]);
        Assert.Equal([.. crash, "…", .. Enumerable.Range(25, 16).Select(n => $"   at {n}")], _lines.All);
    }

    [Fact]
    public void A_crash_with_a_short_trace_is_kept_as_it_was_printed()
    {
        string[] printed = ["starting", "Unhandled exception. System.Exception: no database", "   at Program.Main()"];
        Print(printed);
        Assert.Equal(printed, _lines.All);
    }

    private void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines) _lines.Add(line);
    }
}
