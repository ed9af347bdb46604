using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Keys that do something without Ctrl or Alt can be switched off (WCAG 2.1.4).</summary>
public sealed class ShortcutsTests(Chromium chromium) : InABrowser(chromium)
{
    private const string Path = "/apps/hello/releases";

    [Fact]
    public async Task Single_keys_do_nothing_once_they_are_off_on_every_page_and_after_signing_in_again()
    {
        await Rack.Store.Release(cancel: Ending);
        await Open(Path);
        await Page.Keyboard.PressAsync("?");
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Push(Page, "Turn off single-key shortcuts");
        await Expect(Page).ToHaveURLAsync(Url(Path));
        await Open("/apps/hello/builds");
        foreach (var key in (string[])["?", "g", "r", "/"]) await Page.Keyboard.PressAsync(key);
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(Page).ToHaveURLAsync(Url("/apps/hello/builds"));
        await Push(Page, "Sign out");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Signed out");
        await Page.GotoAsync(Server.NewSignInUrl());
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Turn on single-key shortcuts" })).ToBeVisibleAsync();
        await Push(Page, "Turn on single-key shortcuts");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Turn off single-key shortcuts" })).ToBeVisibleAsync();
        // Its script listens for keys only once it is loaded.
        await Page.IsLoaded();
        await Page.Keyboard.PressAsync("?");
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
    }
}
