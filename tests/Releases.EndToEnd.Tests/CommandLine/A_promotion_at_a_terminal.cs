using System.Text.RegularExpressions;
using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

[Collection("racks")]
public sealed partial class A_promotion_at_a_terminal : IAsyncLifetime
{
    private const string LongName = "a-service-whose-name-is-as-long-as-it-is";

    /// <summary>The second one takes some seconds to end, so that the rollback can be seen.</summary>
    private const string Two =
        $"""
        services:
          web:
            port: 8080
            termination:
              grace: 1
          {LongName}:
            port: 8080
            scale:
              count: 2
            termination:
              grace: 3
            environment:
              - HANG_ON_SIGTERM=1
        """;

    private readonly TestRack _rack = new();

    /// <summary>The file without which web isn't healthy, so that it is seen before.</summary>
    private string Healthy => Path.Combine(_rack.Home, "healthy");

    public async ValueTask InitializeAsync() => await _rack.Publish(Two, "web", LongName);

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Theory]
    [InlineData(80, true)]
    [InlineData(80, false)]
    [InlineData(120, true)]
    [InlineData(120, false)]
    public async Task Is_one_table_that_is_drawn_in_place_whether_it_goes_well_or_back_or_is_left(int columns, bool color)
    {
        var first = await _rack.Set("GREETING=first", $"HEALTHY_WHEN={Healthy}");
        using (var terminal = await At(columns, color, 0, IsHealthyOnceSeen, "promote"))
        {
            Assert.Matches(@"(^|\n)v[0-9]+ succeeded after ", terminal.Text);
            Assert.Matches(@"\nweb +complete +1/1 +0\n", terminal.Text);
            Assert.Contains($"\n{LongName}  complete  2/2      0\n", terminal.Text, StringComparison.Ordinal);
            Assert.Contains(terminal.Moments, m => TimeLeft().IsMatch(m));
            Assert.Contains(terminal.Moments, m => m.Contains("starting  0/1", StringComparison.Ordinal));
            Assert.Contains($" ({first}) is active\n", terminal.Text, StringComparison.Ordinal);
        }

        // The terminal that started the daemon is gone, and nothing ended with it.
        Assert.Equal($"{first} first", await _rack.Get("/"));

        await _rack.Set("CRASH_AT_START=1");
        using (var terminal = await At(columns, color, 3, "promote"))
        {
            Assert.Matches(@"\nSERVICE +STATUS +HEALTHY +OLD LEFT\nweb +rolled back +1/1 +0\n", terminal.Text);
            Assert.Contains(terminal.Moments,
                m => m.Contains("Rolling back v", StringComparison.Ordinal) && m.Contains("\nReason: ", StringComparison.Ordinal));
            Assert.Contains("error CONVOX0024: ", terminal.Text, StringComparison.Ordinal);
        }

        var slow = await _rack.Set("CRASH_AT_START=");
        File.Delete(Healthy);
        using (var terminal = await At(columns, color, 130, Leave, "promote"))
        {
            Assert.Contains("\nDetached. The promotion ", terminal.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("^C", terminal.Text, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Healthy, "");
        using (var terminal = await At(columns, color, 0, "watch"))
            Assert.Matches(@"(^|\n)v[0-9]+ succeeded after ", terminal.Text);
        Assert.Equal(slow, await _rack.Active());
    }

    [Fact]
    public async Task In_a_pipe_is_plain_lines()
    {
        await _rack.Set($"HEALTHY_WHEN={Healthy}");
        var promoting = _rack.Start("promote");
        await _rack.Until(
            () => Task.FromResult(promoting.Errors.ToString().Contains("web: starting", StringComparison.Ordinal)), "it is seen to start");
        await File.WriteAllTextAsync(Healthy, "");
        var run = await promoting.Ended;
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("\e", run.All, StringComparison.Ordinal);
        Assert.Contains("\nweb: starting, 0 of 1 healthy\n", run.Error, StringComparison.Ordinal);
    }

    private Task<PseudoTerminal> At(int columns, bool color, int exitCode, params string[] arguments) =>
        At(columns, color, exitCode, _ => Task.CompletedTask, arguments);

    /// <summary>Runs a command until it ends, and checks what holds for all of them.</summary>
    private async Task<PseudoTerminal> At(int columns, bool color, int exitCode, Func<PseudoTerminal, Task> meanwhile,
        params string[] arguments)
    {
        var terminal = new PseudoTerminal(columns, lines: 24);
        var running = _rack.StartAt(terminal, color, arguments);
        await meanwhile(terminal);
        var ended = await running.Ended;
        await terminal.Close();
        TestContext.Current.TestOutputHelper?.WriteLine(terminal.Text);

        Assert.True(ended.ExitCode == exitCode, $"{ended.ExitCode}\n{terminal.Text}\n{ended.All}");
        Assert.All(terminal.Moments, m => Assert.InRange(Regex.Count(m, "^SERVICE ", RegexOptions.Multiline), 0, 1));
        Assert.Single(Regex.Matches(terminal.Text, "^SERVICE ", RegexOptions.Multiline));
        Assert.DoesNotContain(terminal.Wrapped, w => TableLine().IsMatch(w));
        Assert.Equal(color, Colors().IsMatch(terminal.Raw));
        Assert.True(terminal.CursorIsShown);
        return terminal;
    }

    private async Task IsHealthyOnceSeen(PseudoTerminal terminal)
    {
        await IsSeen(terminal);
        await File.WriteAllTextAsync(Healthy, "");
    }

    /// <summary>Presses Ctrl-C once the table is seen.</summary>
    private async Task Leave(PseudoTerminal terminal)
    {
        await IsSeen(terminal);
        terminal.Type("\x03");
    }

    private Task IsSeen(PseudoTerminal terminal) =>
        _rack.Until(() => Task.FromResult(terminal.Text.Contains("starting  0/1", StringComparison.Ordinal)), "a table");

    [GeneratedRegex("Rolling out v[0-9]+ · rolls back automatically in [0-9]+m( [0-9]+s)?\n")]
    private static partial Regex TimeLeft();

    [GeneratedRegex($"^(SERVICE|web|{LongName}|Reason: |Checking v|Rolling (out|back) v|v[0-9]+ [a-z]+ after )")]
    private static partial Regex TableLine();

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colors();
}
