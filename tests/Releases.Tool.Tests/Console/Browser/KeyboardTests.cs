using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Everything that somebody does every day, with the keys alone.</summary>
public sealed class KeyboardTests(Chromium chromium) : InABrowser(chromium)
{
    /// <summary>More than any of these pages has, so that one in which the focus is caught ends.</summary>
    private const int MostStops = 90;

    /// <summary>The name of what has the focus as it is read aloud, or the reason why it isn't found.</summary>
    private const string Seen = """
        e => { const s = getComputedStyle(e), b = e.getBoundingClientRect();
          return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2
            && b.width > 4 && b.height > 4 && b.bottom > 0 && b.top < innerHeight; }
        """;

    private Release _old = null!;
    private Release _new = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _old = await Rack.Store.Release(description: "the first", cancel: Ending);
        await Rack.Store.Promoted(_old, cancel: Ending);
        var variables = new EnvironmentEdit([new("GREETING", "hello"), new("ZONE", "UTC")], []);
        await new EnvironmentRelease(Rack, Clock).Create(new(A.App, variables, null, A.Person), Ending);
        _new = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v2"), Ending);
        await Open("/");
    }

    [Fact]
    public async Task Promotes()
    {
        await GoTo("link \"hello\"");
        await Press("Enter", "/releases");
        await GoTo("link \"Promote v2\"");
        await Press("Enter", "/promote");
        await GoTo("button \"Promote v2\"");
        await Press("Enter", "/promotions/");
        Assert.Equal(_new.Id, Driver.Begun.Single().Release);
    }

    [Fact]
    public async Task Rolls_back()
    {
        await Rack.Store.Promoted(_new, cancel: Ending);
        await GoTo("link \"hello\"");
        await Press("Enter", "/releases");
        await GoTo("link \"Roll back\"");
        await Press("Enter", "/rollback");
        await GoTo("button \"Roll back to v1\"");
        await Press("Enter", "/promotions/");
        var copy = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v3"), Ending);
        Assert.Equal((_old.Id, copy.Id), (copy.CopyOf, Driver.Begun.Single().Release));
    }

    [Fact]
    public async Task Changes_a_variable()
    {
        await Open("/apps/hello/releases");
        await Page.Keyboard.PressAsync("g");
        await Press("e", "/environment");
        await GoTo("link \"Change GREETING\"");
        await Press("Enter", "key=GREETING");
        await Expect(Page.Locator("#edit-value")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("servus");
        await GoTo("button \"Set GREETING in the pending change\"");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env change:GREETING");
        await GoTo("button \"Save as release\"");
        await Press("Enter", "/releases/");
        var changed = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v3"), Ending);
        Assert.Contains(KeyValuePair.Create("GREETING", "servus"), await Rack.ReadEnvironment(changed, Ending));
    }

    [Fact]
    public async Task Reads_and_searches_a_log()
    {
        for (var i = 0; i < 150; i++) Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", _old.Id, $"line {i}"));
        await Open("/apps/hello/releases");
        await Page.Keyboard.PressAsync("g");
        await Press("l", "/logs");
        await GoTo("log \"Logs\"");
        var end = await Page.EvaluateAsync<int>("document.getElementById('log').scrollTop");
        Assert.True(end > 0);
        await Page.Keyboard.PressAsync("Home");
        await Page.WaitForFunctionAsync("() => document.getElementById('log').scrollTop === 0");
        await Page.Keyboard.PressAsync("/");
        await Expect(Page.Locator("#q")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("line 77");
        await Press("Enter", "q=line");
        await Expect(Page.Locator("#log div")).ToHaveCountAsync(1);
        await Expect(Page.Locator("#log div")).ToContainTextAsync("line 77");
    }

    [Fact]
    public async Task Locks_an_app_from_the_top_of_a_long_page_and_unlocks_it()
    {
        for (var i = 0; i < 30; i++) await Rack.Store.Release(cancel: Ending);
        await Open("/apps/hello/releases");
        await GoTo("text: Lock hello");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#reason")).ToBeFocusedAsync();
        Assert.Equal(0, await Page.EvaluateAsync<int>("scrollY"));
        await Page.Keyboard.TypeAsync("we count");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.Locator("#reason")).ToBeHiddenAsync();
        await Expect(Page.Locator("summary:focus")).ToHaveTextAsync("Lock hello");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#reason")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync(" the stock");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#hold")).ToContainTextAsync("we count the stock");
        await Expect(Page.Locator("#lock summary")).ToHaveCountAsync(0);
        await Page.IsLoaded();
        await GoTo("button \"Unlock\"");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#lock summary")).ToBeVisibleAsync();
        Assert.Null((await Rack.Store.RequireApp(A.App, Ending)).Hold);
    }

    [Fact]
    public async Task Finds_the_shortcuts_and_closes_them_again_where_it_was()
    {
        await Open("/apps/hello/releases");
        await GoTo("link \"Promote v2\"");
        await Page.Keyboard.PressAsync("?");
        await Expect(Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        Assert.Empty(await Legible.Axe(Page));
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.Locator("dialog")).ToBeHiddenAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Promote v2" })).ToBeFocusedAsync();
    }

    /// <summary>Presses a key, which leads to another page.</summary>
    private async Task Press(string key, string leadsTo)
    {
        await Page.Keyboard.PressAsync(key);
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(leadsTo)));
        await Expect(Page.Locator("#main")).ToBeVisibleAsync();
        // Its script listens for keys only once it is loaded.
        await Page.IsLoaded();
    }

    /// <summary>Gives what is read aloud, or null if the page was drawn again meanwhile and nothing has the focus.</summary>
    private static async Task<string?> NameOf(ILocator focus)
    {
        try
        {
            return (await focus.AriaSnapshotAsync(new() { Timeout = 5_000 })).Split('\n')[0];
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Tabs to what is read aloud so. The focus is seen wherever it stops on the way.</summary>
    private async Task GoTo(string name)
    {
        var stops = new List<string>();
        while (stops.Count < MostStops)
        {
            await Page.Keyboard.PressAsync("Tab");
            var focus = Page.Locator("*:focus");
            if (await focus.CountAsync() == 0) continue;
            if (await NameOf(focus) is not { } stop) continue;
            stops.Add(stop);
            Assert.True(await focus.EvaluateAsync<bool>(Seen), $"The focus can't be seen at {stops[^1]} of {Page.Url}");
            if (stops[^1].StartsWith($"- {name}", StringComparison.Ordinal)) return;
        }

        Assert.Fail($"The Tab key doesn't reach {name} on {Page.Url}: {string.Join(", ", stops)}");
    }
}
