using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

[Collection("racks")]
public sealed class A_log_that_is_followed : IAsyncLifetime
{
    private const string Two =
        "services:\n  web:\n    port: 8080\n    termination:\n      grace: 1\n  api:\n    port: 8080\n    termination:\n      grace: 1\n";

    private readonly TestRack _rack = new();

    public async ValueTask InitializeAsync() => await _rack.Publish(Two, "web", "api");

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Goes_on_over_a_promotion_and_a_restart_of_the_daemon_with_every_line_once_in_the_order_of_time()
    {
        // Begun before anything has run.
        using var terminal = new PseudoTerminal(columns: 300, lines: 50);
        var following = _rack.StartAt(terminal, color: true, "logs", "-f");
        await _rack.Do("promote");
        await Seen(2, " listening on ");
        await _rack.Set("GREETING=next");
        await _rack.Do("promote");
        await Seen(4, " listening on ");
        await Seen(2, " stopped");
        await _rack.Do("rack", "restart");
        await Seen(4, " stopped");
        await Seen(6, " listening on ");

        // Everything printed so far, as a reader who does not follow gets it.
        var piped = await _rack.Do("logs");
        var all = Lines(piped);
        await _rack.Until(() => Task.FromResult(Lines(terminal.Text).Count >= all.Count), "as many lines as there are");
        terminal.Type("\x03");
        Assert.Equal(130, (await following.Ended).ExitCode);
        await terminal.Close();

        // A line whose service gets no processor time as it writes it may come after a later one of the other service.
        Assert.Equal("^C", Lines(terminal.Text)[^1]);
        Assert.Equal(all.Order(StringComparer.Ordinal), Lines(terminal.Text).SkipLast(1).Order(StringComparer.Ordinal));
        Assert.Equal(all.Select(Time).Order(StringComparer.Ordinal), all.Select(Time));
        Assert.Equal(all.TakeLast(3), Lines(await _rack.Do("logs", "--tail", "3")));
        Assert.DoesNotContain("\e", piped, StringComparison.Ordinal);
        foreach (var (service, color) in ((string, int)[])[("api", 36), ("web", 35)])
            Assert.Equal(all.Count(l => l.Contains($" {service}-", StringComparison.Ordinal)),
                terminal.Raw.Split($"\e[{color}m{service}-").Length - 1);

        Task Seen(int times, string text) => _rack.Until(
            () => Task.FromResult(terminal.Text.Split(text).Length > times), $"{times} lines with '{text}'");
    }

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string Time(string line) => line[..line.IndexOf(' ', StringComparison.Ordinal)];
}
