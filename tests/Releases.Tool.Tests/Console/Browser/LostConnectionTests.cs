using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Pages that are open while what they show, or what serves them, goes away.</summary>
public sealed class LostConnectionTests(Chromium chromium) : InABrowser(chromium)
{
    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(_release, cancel: Ending);
        RequestsMayFail();
    }

    [Fact]
    public async Task A_press_while_nothing_answers_stays_on_the_page_with_what_was_typed_and_works_once_it_answers_again()
    {
        await Open("/apps/hello/environment");
        await Page.Locator("#key").FillAsync("GREETING");
        await Page.Locator("#value").FillAsync("a long text that nobody types twice");
        await Page.RouteAsync("**/*", route => route.AbortAsync());
        await LoseTheStream();
        await Expect(Page.Locator("#offline:visible")).ToHaveTextAsync("Connection lost. Reconnecting…");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator("#value")).ToHaveValueAsync("a long text that nobody types twice");
        await Expect(Page.Locator("[aria-busy]")).ToHaveCountAsync(0);

        await Page.UnrouteAllAsync();
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:GREETING");
    }

    [Fact]
    public async Task A_filter_and_a_link_of_the_page_wait_for_the_connection_as_a_button_does_and_leave_nothing_behind()
    {
        await new EnvironmentRelease(Rack, Clock).Create(
            new(A.App, new([.. Enumerable.Range(0, 9).Select(i => KeyValuePair.Create($"VAR_{i}", "1"))], []), null, "somebody"), Ending);
        await Open("/apps/hello/environment");
        await Page.Locator("#key").FillAsync("GREETING");
        await Page.Locator("#value").FillAsync("a long text that nobody types twice");
        await Page.Locator("#filter").FillAsync("VAR_3");
        await Page.RouteAsync("**/*", route => route.AbortAsync());
        await LoseTheStream();
        await Expect(Page.Locator("#offline:visible")).ToHaveTextAsync("Connection lost. Reconnecting…");
        var link = Page.GetByRole(AriaRole.Link, new() { Name = "Change VAR_3" });
        for (var press = 0; press < 3; press++)
        {
            await Push(Page, "Filter");
            await link.ClickAsync();
        }

        await Expect(Page.Locator("[aria-busy]")).ToHaveCountAsync(0);
        await Expect(Page.Locator("body > form")).ToHaveCountAsync(0);
        await Expect(Page.Locator("#value")).ToHaveValueAsync("a long text that nobody types twice");
        await Page.UnrouteAllAsync();
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        await link.ClickAsync();
        await Expect(Page.Locator("#var-VAR_3 #edit-value")).ToHaveCountAsync(1);
        await Expect(Page.Locator("#value")).ToHaveValueAsync("a long text that nobody types twice");
    }

    [Fact]
    public async Task A_page_that_could_not_be_read_once_is_read_again_though_nothing_changes_any_more()
    {
        await Open("/apps/hello/releases");
        var refused = false;
        await Page.RouteAsync("**/apps/hello/releases", route =>
        {
            if (refused) return route.ContinueAsync();
            refused = true;
            return route.FulfillAsync(new() { Status = 503, Body = "throttled" });
        });
        await Rack.Store.Release(cancel: Ending);
        await Expect(Page.Locator("#page")).ToContainTextAsync("v2");
        Assert.True(refused);
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Of_a_session_that_ended_nothing_typed_is_lost_and_signing_in_in_another_window_goes_on_with_it()
    {
        await Open("/apps/hello/environment");
        await Page.Locator("#key").FillAsync("GREETING");
        await Page.Locator("#value").FillAsync("a long text that nobody types twice");
        var cookie = (await Person.CookiesAsync()).Single();
        ConsoleContext.Sessions.End(cookie.Value);
        await Expect(Page.Locator("#offline")).ToContainTextAsync("you are not signed in to this console.");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator("#value")).ToHaveValueAsync("a long text that nobody types twice");
        var window = await Person.RunAndWaitForPageAsync(() => Page.Locator("#offline a").ClickAsync());
        Assert.EndsWith("/sign-in", window.Url, StringComparison.Ordinal);

        var again = new Cookie { Name = cookie.Name, Value = ConsoleContext.Sessions.Begin(), Domain = cookie.Domain, Path = "/" };
        await Person.AddCookiesAsync([again]);
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:GREETING");
    }

    [Fact]
    public async Task A_page_of_another_version_of_the_console_loads_this_one_unless_somebody_types_in_it()
    {
        await Open("/apps/hello/environment");
        await Page.Locator("#key").FillAsync("GREETING");
        await BecomeOld();
        await LoseTheStream();
        await Rack.Store.Release(cancel: Ending);
        await Expect(Page.Locator("#page")).ToContainTextAsync("latest, v2");
        Assert.Equal("GREETING", await Page.Locator("#key").InputValueAsync());
        await Page.Locator("#key").FillAsync("");
        await LoseTheStream();
        await Expect(Page.Locator("body:not([data-version=old])")).ToHaveCountAsync(1);

        Task BecomeOld() => Page.EvaluateAsync("() => { document.body.dataset.version = 'old'; }");
    }

    [Fact]
    public async Task Of_an_app_that_is_deleted_no_open_page_goes_on_showing_what_it_was()
    {
        await Open("/apps/hello/releases");
        var other = await OpenAnother($"/apps/hello/releases/{_release.Id}/promote");
        await Rack.Store.ChangeApp(A.App, a => a.Deleted(A.Event(EventKind.AppDeleted)), A.Event(EventKind.AppDeleted), Ending);
        foreach (var window in new[] { Page, other })
        {
            await Expect(window.Locator("h1")).ToHaveTextAsync("Page not found");
            await Expect(window.Locator("[data-begins]")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task Of_two_windows_the_one_that_comes_later_does_nothing_to_what_it_did_not_show()
    {
        var (next, newest) = (await Rack.Store.Release(cancel: Ending), await Rack.Store.Release(cancel: Ending));
        await Open($"/apps/hello/releases/{next.Id}/promote");
        var other = await OpenAnother($"/apps/hello/releases/{newest.Id}/promote");
        await Push(other, "Promote v3");
        await Expect(other).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/promotions/"));
        // However late a page learns it, what it sends is held against what it showed.
        await Page.EvaluateAsync("() => document.querySelector('.confirm').submit()");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Couldn’t promote");
        Assert.Equal(newest.Id, Assert.Single(Driver.Begun).Release);
    }

    [Fact]
    public async Task A_stream_that_hears_nothing_is_taken_as_lost_and_opened_again()
    {
        await Page.Clock.InstallAsync();
        await Open("/apps/hello/environment");
        await Page.Locator("#key").FillAsync("GREETING");
        var held = 0;
        await Page.RouteAsync("**/live?*", _ => Interlocked.Increment(ref held));
        await LoseTheStream();
        await Until(() => held == 1);
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        await Page.Clock.FastForwardAsync(41_000);
        await Expect(Page.Locator("#offline:visible")).ToHaveTextAsync("Connection lost. Reconnecting…");
        await Until(() => held == 2);
        await Page.UnrouteAllAsync();
        await Page.Clock.FastForwardAsync(41_000);
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        await Expect(Page.Locator("#key")).ToHaveValueAsync("GREETING");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_a_lost_connection()
    {
        await Page.AddInitScriptAsync("AbortSignal.timeout = (after => ms => after(ms / 20))(AbortSignal.timeout.bind(AbortSignal));");
        await Open("/apps/hello/releases");
        await Page.RouteAsync("**/apps/hello/releases", _ => { });
        await Rack.Store.Release(cancel: Ending);
        await Expect(Page.Locator("#offline:visible")).ToHaveTextAsync("Connection lost. Reconnecting…");
        await Page.UnrouteAllAsync();
        await Expect(Page.Locator("#page")).ToContainTextAsync("v2");
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_page_whose_stream_is_refused_works_and_is_read_again_and_again()
    {
        await Page.RouteAsync("**/live?*", route => route.FulfillAsync(new() { Status = 503, Body = "64 others" }));
        await Open("/apps/hello/environment");
        await Expect(Page.Locator("#offline")).ToContainTextAsync("Live updates aren’t available now.");
        await Rack.Store.Release(cancel: Ending);
        await Expect(Page.Locator("#page")).ToContainTextAsync("latest, v2");
        await Page.Locator("#key").FillAsync("GREETING");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:GREETING");
        await Page.UnrouteAllAsync();
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
    }

    /// <summary>What streams has an end of its own only when the console has.</summary>
    private async Task LoseTheStream()
    {
        await IsSeen(false);
        await IsSeen(true);
    }
}
