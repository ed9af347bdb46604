using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Console;

/// <summary>One-off commands of real processes, from their page.</summary>
public sealed class A_command_in_the_console(Chromium chromium) : ConsoleTest(chromium)
{
    private ILocator Log => Page.Locator("#log");

    private ILocator ExitCode => Page.Locator("#exit-code");

    [Fact]
    public async Task Is_followed_live_to_its_exit_code_and_ends_gracefully_with_Stop_and_with_the_console()
    {
        await Open("/apps/hello/services");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Run a command" }).ClickAsync();
        await Run("echo \"$GREETING\" \"$CONVOX_DATA\"; test -t 0 || echo no terminal; cat; echo wrong >&2; exit 3");
        await Expect(ExitCode).ToHaveTextAsync("3");
        foreach (var line in (string[])["first", "no terminal", "wrong"]) await Expect(Log).ToContainTextAsync(line);

        await Page.GetByRole(AriaRole.Link, new() { Name = "Run another" }).ClickAsync();
        await Run("trap 'echo bye; exit 4' TERM; echo waiting; while true; do sleep 0.1; done");
        await Expect(Log).ToContainTextAsync("waiting");
        await Expect(ExitCode).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        await Expect(ExitCode).ToHaveTextAsync("4");
        await Expect(Log).ToContainTextAsync("bye");

        await Page.GetByRole(AriaRole.Link, new() { Name = "Run another" }).ClickAsync();
        await Run("sleep 1000 & sleep 1000");
        await Rack.Until(() => Task.FromResult(Rack.ProcessesIn("one-offs").Count > 0), "it runs");
        RequestsMayFail();
        await StartConsoleAgain();
        Assert.Empty(Rack.ProcessesIn("one-offs"));
    }

    private async Task Run(string command)
    {
        await Page.GetByLabel("Command", new() { Exact = true }).FillAsync(command);
        await Page.GetByLabel("In a shell").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
    }
}
