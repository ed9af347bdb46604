using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>A one-off command in an open window.</summary>
public sealed class LiveRunTests(Chromium chromium) : InABrowser(chromium)
{
    private protected override async Task Arrange()
    {
        await base.Arrange();
        await RunnableRelease.Activate(Rack, Ending);
    }

    [Fact]
    public async Task Is_followed_in_place_until_it_ends_and_its_pages_are_accessible_in_each_state()
    {
        var lines = Rack.RanOnce.Hold();
        await Open("/apps/hello/run");
        await Expect(Page.GetByLabel("Command", new() { Exact = true })).ToBeFocusedAsync();
        await Accessible();
        await Page.Keyboard.TypeAsync("./Shop migrate");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("web: ./Shop migrate");
        await Expect(Page.Locator("#log")).ToContainTextAsync("Nothing was printed yet");
        await Accessible();
        lines.Print("one");
        lines.Print("two");
        await Expect(Page.Locator("#log > div")).ToHaveCountAsync(2);
        await Expect(Page.Locator("#nothing")).ToHaveCountAsync(0);
        await Page.EvaluateAsync("() => document.querySelector('h1').textContent = 'until the next refresh'");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("web: ./Shop migrate");
        await Expect(Page.Locator("#pause")).ToBeVisibleAsync();
        await Page.Locator("#log").FocusAsync();
        ConsoleContext.Runs.StopAll();
        await Expect(Page.Locator("#exit-code")).ToHaveTextAsync("143");
        await Expect(Page.Locator("#log")).ToBeFocusedAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true })).ToHaveCountAsync(0);
        await Accessible();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Run another" }).ClickAsync();
        await Expect(Page.Locator("tbody tr")).ToContainTextAsync("was ended by signal 15");
        await Accessible();
    }

    [Fact]
    public async Task A_form_that_is_submitted_again_while_it_is_on_its_way_is_sent_once()
    {
        var sent = 0;
        await Page.RouteAsync("**/apps/hello/run", async route =>
        {
            if (route.Request.Method == "POST")
            {
                Interlocked.Increment(ref sent);
                await Task.Delay(TimeSpan.FromSeconds(2), Ending);
            }

            await route.ContinueAsync();
        });
        await Open("/apps/hello/run");
        await Page.EvaluateAsync("""
            document.addEventListener('submit', event => setTimeout(() => event.target.requestSubmit(), 200), { once: true })
            """);
        await Page.Locator("#command").FillAsync("./Shop migrate");
        await Push(Page, "Run");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("web: ./Shop migrate");
        Assert.Equal(1, sent);
        Assert.Single(Rack.RanOnce.Run);
    }

    private async Task Accessible()
    {
        foreach (var (width, height) in new[] { (1440, 900), (360, 740) })
        {
            await Page.SetViewportSizeAsync(width, height);
            Assert.Empty(await Legible.Axe(Page));
            Assert.True(await Legible.TooWide(Page) <= 0);
        }
    }
}
