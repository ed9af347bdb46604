using System.Net;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class ConsoleCommandTests
{
    private Action<FakeTerminal> _at = _ => { };

    [Fact]
    public async Task Enter_in_the_terminal_prints_another_link_which_signs_in_and_the_one_before_no_longer_does()
    {
        const string Link = "Sign in, once: ";
        using var keyboard = new OneEnter();
        _at = terminal => (terminal.Attended, terminal.Keyboard) = (true, keyboard);
        var first = await Started("console");
        await keyboard.Answered.WaitAsync(Ending);
        var second = Assert.Single(Talk.Split('\n'), line => line.StartsWith(Link, StringComparison.Ordinal))[Link.Length..];
        Assert.Contains("Press Enter for a new sign-in link, Ctrl-C to stop.", Talk, StringComparison.Ordinal);
        using var client = Browsing();
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(first, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(second, Ending)).StatusCode);
        await Stopped();
    }

    /// <summary>Somebody who presses Enter once.</summary>
    private sealed class OneEnter : StringReader
    {
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public OneEnter() : base("\n")
        {
        }

        /// <summary>Completes when the next line is asked for.</summary>
        public Task Answered => _answered.Task;

        public override string? ReadLine()
        {
            if (base.ReadLine() is { } line) return line;
            _answered.TrySetResult();
            return null;
        }
    }

    [Theory]
    [InlineData("vm", "", "vm vm.local")]
    [InlineData("vm.example.org", "(none)", "vm vm.example.org vm.local")]
    [InlineData("vm", "example.org", "vm vm.example.org vm.local")]
    public void A_machine_has_these_names(string host, string domain, string names) =>
        Assert.Equal(names.Split(' '), OwnNames.All(host, domain).Order(StringComparer.Ordinal));
}
