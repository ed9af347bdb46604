using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Console;

public sealed class A_rollout_in_the_console(Chromium chromium) : ConsoleTest(chromium)
{
    [Fact]
    public async Task An_environment_that_is_changed_and_applied_is_followed_live_until_the_app_answers_with_it()
    {
        await Open("/apps/hello/environment");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("COLOUR");
        await Page.GetByLabel("Value", new() { Exact = true }).FillAsync("deep blue");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Page.GetByLabel("Lines of").FillAsync($"GREETING=second\n{NotHealthyYet("second")}");
        await Page.Locator("form:has(#lines)").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:COLOUR add:HEALTHY_WHEN change:GREETING");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Apply Changes" }).ClickAsync();
        await Expect(Live).ToContainTextAsync("rolling out");
        await Stays(Page);
        await Expect(Live).ToContainTextAsync("0/1");
        Assert.Equal(First, await Rack.Active());
        BecomesHealthy("second");

        await Expect(Live).ToContainTextAsync("is active");
        await Stayed(Page);
        Assert.EndsWith(" second", await Rack.Get("/"), StringComparison.Ordinal);
        Assert.Equal("deep blue", await Rack.Get("/env/COLOUR"));
    }

    [Fact]
    public async Task An_old_release_is_promoted_from_the_list_of_releases()
    {
        BecomesHealthy("old");
        var old = await Rack.Set("GREETING=old", NotHealthyYet("old"));
        await Rack.Do("promote");
        BecomesHealthy("new");
        var newer = await Rack.Set("GREETING=new", NotHealthyYet("new"));
        await Rack.Do("promote");
        IsNotHealthyAgain("old");

        await Open("/apps/hello/releases");
        await Expect(Page.Locator(Row(newer))).ToContainTextAsync("active");
        await Page.Locator(Row(old)).Locator("th a").ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Promote", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Promote v") }).ClickAsync();
        await Expect(Live).ToContainTextAsync("rolling out");
        await Page.Locator(".tabs").GetByText("Releases").ClickAsync();
        await Expect(Page.Locator(Row(old)).Locator("td.do a")).ToHaveAttributeAsync("aria-disabled", "true");
        await Stays(Page);
        BecomesHealthy("old");

        await Expect(Page.Locator(Row(old)).Locator(".chip")).ToHaveTextAsync("active");
        await Expect(Page.Locator(Row(newer)).Locator(".chip")).ToHaveTextAsync("was live");
        await Expect(Live).ToContainTextAsync("is active");
        await Stayed(Page);
        Assert.EndsWith(" old", await Rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_crashes_is_rolled_back_and_the_page_says_which_service_why_and_what_it_printed()
    {
        var bad = await Rack.Set("CRASH_AT_START=1");
        await Open("/apps/hello/releases");
        await Page.Locator(Row(bad)).Locator("td.do a").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Promote v") }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/promotions/"));
        await Stays(Page);

        await Expect(Live.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("rolled back");
        await Expect(Live).ToContainTextAsync(
            new System.Text.RegularExpressions.Regex("web exited with code 3 after [0-9.]+ s, before it became healthy \\(3 times\\)"));
        await Expect(Live).ToContainTextAsync(" is still live");
        await Expect(Live.GetByRole(AriaRole.Heading)).ToHaveTextAsync("The last lines of web");
        await Expect(Live.Locator("pre")).ToContainTextAsync("cannot start: CRASH_AT_START is set");
        await Stayed(Page);
        Assert.EndsWith(" first", await Rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_begun_at_a_terminal_is_live_in_every_tab_and_one_whose_connection_was_lost_catches_up_by_itself()
    {
        var next = await Rack.Set("GREETING=next", NotHealthyYet("next"));
        await using var line = new Line(new Uri(Page.Url).Port);
        line.Mend();
        await Open("/apps/hello/releases");
        var other = await Along(line, "/apps/hello/services");
        foreach (var tab in Person.Pages) await Stays(tab);

        var promoting = Rack.Start("promote");
        foreach (var tab in Person.Pages) await Expect(tab.Locator("#live")).ToContainTextAsync("rolling out");
        await Expect(other.Locator("#live")).ToContainTextAsync("by somebody@box");
        RequestsMayFail();
        await line.Cut();
        await Expect(other.Locator("#offline")).ToBeVisibleAsync();
        BecomesHealthy("next");
        var promoted = await promoting.Ended;
        Assert.True(promoted.ExitCode == 0, promoted.All);
        await Expect(Live).ToContainTextAsync("is active");
        await Expect(Page.Locator(Row(next)).Locator(".chip")).ToHaveTextAsync("active");
        await Expect(other.Locator("#live")).ToContainTextAsync("rolling out");
        line.Mend();

        await Expect(other.Locator("#live")).ToContainTextAsync("is active");
        await Expect(other.Locator("#offline")).ToBeHiddenAsync();
        await Expect(other.Locator($"#services a[href$='/releases/{next}']").First).ToBeVisibleAsync();
        foreach (var tab in Person.Pages) await Stayed(tab);
    }

    [Fact]
    public async Task A_page_of_a_console_that_was_started_again_says_that_nobody_is_signed_in_to_it()
    {
        await Open("/apps/hello/releases");
        RequestsMayFail();
        await StartConsoleAgain();
        await Expect(Page.Locator("#offline")).ToContainTextAsync("you are not signed in to this console.");
    }
}
