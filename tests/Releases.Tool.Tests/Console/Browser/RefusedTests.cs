using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>What a person meets who is refused: a page that says what was not done, and a way back that the browser can go too.</summary>
public sealed class RefusedTests(Chromium chromium) : InABrowser(chromium)
{
    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _release = await Rack.Store.Release(cancel: Ending);
        RequestsMayFail();
    }

    [Fact]
    public async Task A_button_that_is_refused_says_so_on_its_own_page_also_after_the_browser_went_back()
    {
        await Open($"/apps/hello/releases/{_release.Id}/promote");
        Driver.BeforeItBegins = () =>
            throw new Problem(ProblemCode.Busy, "Somebody else was faster.", "Wait for it.", ProblemKind.Busy).ToException();
        await Push(Page, "Promote v1");
        // The page that has the button is still there, with why above it.
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Promote v1?");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Couldn’t promote");
        await Expect(Page.Locator("main")).ToContainTextAsync("Somebody else was faster.");
        // Somewhere else and back again: the same page, without a form to be sent a second time.
        await Page.Locator(".brand").ClickAsync();
        await Expect(Page.Locator("h1")).Not.ToHaveTextAsync("Promote v1?");
        await Page.GoBackAsync();
        await Expect(Page.Locator("main")).ToContainTextAsync("Somebody else was faster.");
        await Page.ReloadAsync();
        await Expect(Page.Locator("main")).ToContainTextAsync("Somebody else was faster.");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(Url($"/apps/hello/releases/{_release.Id}/promote"));
        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_called_so()
    {
        await Open("/nowhere");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Page not found");
    }

    [Fact]
    public async Task A_page_without_a_stream_says_too_that_its_connection_is_lost()
    {
        await Open("/");
        await Page.RouteAsync("**/*", route => route.AbortAsync());
        await Expect(Page.Locator("#offline")).ToHaveTextAsync("Connection lost. Reconnecting…");
        await Page.UnrouteAllAsync();
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Whoever_signs_out_sees_that_and_no_button_to_do_it_again_and_other_windows_learn_it()
    {
        await Open("/apps/hello/releases");
        var other = await OpenAnother("/apps/hello/releases");
        await Push(Page, "Sign out");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Signed out");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToHaveCountAsync(0);
        await Expect(other.Locator("#offline")).ToContainTextAsync("you are not signed in to this console.");
        await Page.GoBackAsync();
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Not signed in");
    }

    [Fact]
    public async Task The_link_that_was_used_leads_whoever_it_signed_in_to_the_apps()
    {
        await Page.GotoAsync(Server.SignInUrl);
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Apps");
    }
}

/// <summary>The form of a console whose token somebody set.</summary>
public sealed class SignInFormTests(Chromium chromium) : InABrowser(chromium)
{
    private protected override string? Token => "a token that somebody set";

    [Fact]
    public async Task A_wrong_token_asks_again_and_the_right_one_lets_in_and_going_back_works()
    {
        RequestsMayFail();
        await Person.ClearCookiesAsync();
        await Open("/");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Not signed in");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByLabel("Token").FillAsync("another token");
        await Push(Page, "Sign in");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Wrong token. Try again.");
        await Expect(Page.GetByLabel("Token")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync(Token!);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Apps");
        await Page.GoBackAsync();
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Apps");
        await Push(Page, "Sign out");
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Signed out");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(Page.GetByLabel("Token")).ToBeVisibleAsync();
    }
}
