using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Environments are changed in windows, by hands that make mistakes, beside others who change them too.</summary>
public sealed class EnvironmentPageTests(Chromium chromium) : InABrowser(chromium)
{
    private const string Path = "/apps/hello/environment";

    private protected override async Task Arrange()
    {
        await base.Arrange();
        await Rack.Store.Release(cancel: Ending);
        await Theirs(("FOO", "first-secret"));
        await Rack.Store.Promoted(await Release("v2"), cancel: Ending);
    }

    [Theory]
    [InlineData("active", "FOO", "FOO=mine KEPT=1")]
    [InlineData("latest", "FOO", "FOO=mine KEPT=1 NEW=theirs")]
    [InlineData("active", "NEW", "FOO=first-secret KEPT=1 NEW=mine")]
    public async Task What_another_release_holds_for_a_variable_is_nobodys_change_so_it_applies_to_either(string onto,
        string key, string becomes)
    {
        await Theirs(("KEPT", "1"));
        await Rack.Store.Promoted(await Release("v3"), cancel: Ending);
        await Theirs(("FOO", "second-secret"), ("NEW", "theirs"));
        await Open(Path);
        await Set(Page, key, "mine");
        await Page.GetByLabel($"({onto}").CheckAsync();
        await Push(Page, "Apply Changes");
        await IsAt(Page, "promotions/");
        Assert.Equal(becomes, await Environment(Driver.Begun.Single().Release));
    }

    [Fact]
    public async Task Whoever_does_not_say_which_release_is_asked_by_the_browser_and_where_it_does_not_by_the_page()
    {
        await Theirs(("OTHER", "1"));
        await Open(Path);
        await Set(Page, "FOO", "mine");
        await Push(Page, "Apply Changes");
        await Expect(Page.Locator("main input:invalid").First).ToBeFocusedAsync();
        RequestsMayFail();
        await Page.EvaluateAsync("document.querySelectorAll('[name=base]').forEach(r => r.required = false)");
        await Push(Page, "Apply Changes");
        await Expect(Page.Locator("#problems")).ToContainTextAsync("Apply to which release?");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env change:FOO");
        // Whatever else can be done with the change needs no choice.
        await Push(Page, "Save as release");
        await IsAt(Page, "releases/");
    }

    [Fact]
    public async Task A_window_makes_only_what_it_shows()
    {
        await Open(Path);
        var other = await OpenAnother(Path);
        await Set(Page, "TAB1", "1");
        await Set(other, "TAB2", "2");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:TAB1");
        await Push(Page, "Save as release");
        await IsAt(Page, "releases/");
        Assert.Equal("FOO=first-secret TAB1=1", await Environment((await Release("v3")).Id));
        await Expect(other.Locator(".pending .keys").First).ToHaveTextAsync("env add:TAB2");
        await Push(other, "Save as release");
        await IsAt(other, "releases/");
        Assert.Equal("FOO=first-secret TAB1=1 TAB2=2", await Environment((await Release("v4")).Id));
    }

    [Fact]
    public async Task Of_two_windows_with_the_same_change_the_one_that_is_behind_makes_nothing_before_it_showed_the_rest()
    {
        await Open(Path);
        await Set(Page, "TAB1", "1");
        var other = await OpenAnother(Page.Url.Replace(Address.ToString(), "/", StringComparison.Ordinal));
        await Set(other, "TAB2", "2");
        RequestsMayFail();
        await Push(Page, "Save as release");
        await Expect(Page.Locator("#problems")).ToContainTextAsync("edited in another window");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:TAB1 add:TAB2");
        Assert.Equal(2, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
        await Push(Page, "Save as release");
        await IsAt(Page, "releases/");
    }

    [Fact]
    public async Task A_change_that_was_left_is_found_again()
    {
        await Open(Path);
        await Set(Page, "LEFT", "1");
        await Open("/apps/hello/releases");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Environment" }).ClickAsync();
        await Expect(Page.Locator("#page")).ToContainTextAsync("Not applied yet: env add:LEFT");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Continue" }).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:LEFT");
        await Push(Page, "Discard");
        await Expect(Page.Locator(".keys")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Every_button_of_a_further_page_stays_on_it()
    {
        await Theirs([.. Enumerable.Range(0, 250).Select(i => ($"VAR_{i:D3}", $"value-{i}"))]);
        await Open(Path);
        await Page.GetByRole(AriaRole.Link, new() { Name = "More" }).ClickAsync();
        await Push(Page, "Reveal VAR_160");
        await Expect(Page.Locator("#var-VAR_160 .value")).ToHaveTextAsync("value-160");
        await Expect(Page.Locator("#var-VAR_160")).ToBeInViewportAsync();
        Assert.Equal("VAR_160", Assert.Single(await Reveals()).Detail);

        await Push(Page, "Remove VAR_161");
        await Expect(Page.Locator("#var-VAR_161 .chip")).ToHaveTextAsync("remove");
        await Expect(Page.Locator("#var-VAR_161")).ToBeInViewportAsync();
        await Push(Page, "Undo the change of VAR_161");
        await Expect(Page.Locator("#var-VAR_161 .chip")).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Change VAR_162" }).ClickAsync();
        await Expect(Page.Locator("#var-VAR_162")).ToHaveCountAsync(1);
        await Page.Locator("#edit-value").FillAsync("changed");
        await Push(Page, "Set VAR_162 in the pending change");
        await Expect(Page.Locator("#var-VAR_162 .chip")).ToHaveTextAsync("change");
        await Push(Page, "Discard");
        await Expect(Page.Locator("#var-VAR_162 .chip")).ToHaveCountAsync(0);
        await Expect(Page.Locator("#var-VAR_162")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_is_typed_into_a_row_stays_while_others_change_the_environment()
    {
        await Open(Path + "?key=FOO");
        await Expect(Page.Locator("#edit-value")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("mine");
        await Theirs(("OTHER", "1"));
        await Expect(Page.Locator("#var-OTHER")).ToHaveCountAsync(1);
        await Expect(Page.Locator("#edit-value")).ToHaveValueAsync("mine");
        await Expect(Page.Locator("#edit-value")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Apply_Changes_stays_in_sight_and_covers_nothing_that_has_the_focus()
    {
        await Theirs([.. Enumerable.Range(0, 90).Select(i => ($"VAR_{i:D3}", $"value-{i}"))]);
        await Open(Path);
        await Set(Page, "FOO", "mine");
        await Page.Locator("#lines").ScrollIntoViewIfNeededAsync();
        await Expect(Apply).ToBeInViewportAsync();
        if (System.Environment.GetEnvironmentVariable("CONVOX_SCREENSHOTS") is { } pictures)
            await Page.ScreenshotAsync(new() { Path = System.IO.Path.Combine(pictures, "pending.png") });
        Assert.Empty(await Legible.Axe(Page));
        for (var key = 88; key > 60; key--)
        {
            await Page.GetByRole(AriaRole.Button, new() { Name = $"Reveal VAR_{key:D3}" }).FocusAsync();
            Assert.True(await Page.EvaluateAsync<bool>(
                "(() => { const r = document.activeElement.getBoundingClientRect(); return document.activeElement.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)); })()"));
        }
    }

    [Fact]
    public async Task Going_back_after_a_value_was_revealed_shows_the_page_and_no_value_and_records_nothing()
    {
        await Open(Path);
        await Push(Page, "Reveal FOO");
        await Expect(Page.Locator("#var-FOO .value")).ToHaveTextAsync("first-secret");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Releases", Exact = true }).Last.ClickAsync();
        await IsAt(Page, "releases");
        await Page.GoBackAsync();
        await Expect(Page.Locator("#var-FOO .mask")).ToHaveCountAsync(1);
        Assert.DoesNotContain("first-secret", await Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Single(await Reveals());
    }

    [Fact]
    public async Task A_value_that_is_being_read_stays_while_other_things_change()
    {
        await Open(Path);
        await Push(Page, "Reveal FOO");
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("somebody", A.Moment, "counting") },
            A.Event(EventKind.AppLocked), Ending);
        await Expect(Page.Locator("#hold")).ToContainTextAsync("counting");
        await Expect(Page.Locator("#var-FOO .value")).ToHaveTextAsync("first-secret");
        // Not where another release has another value now.
        await Theirs(("FOO", "second-secret"));
        await Expect(Page.Locator("#var-FOO .value")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Of_a_paste_every_bad_line_is_named_and_nothing_of_it_is_lost()
    {
        RequestsMayFail();
        await Open(Path);
        await Set(Page, "BEFORE", "1");
        const string pasted = "GOOD=1\nno equals\nPORT=80\n1BAD=2\nALSO=fine\nQ=\"x\" y";
        await Page.Locator("#lines").FillAsync(pasted);
        await Page.Locator("#paste").GetByRole(AriaRole.Button).ClickAsync();
        var problems = Page.Locator("#problems p");
        await Expect(problems).ToHaveCountAsync(3);
        await Expect(problems.Nth(0)).ToContainTextAsync("line 2: expected KEY=value.");
        await Expect(problems.Nth(1)).ToContainTextAsync("line 4: expected KEY=value");
        await Expect(problems.Nth(2)).ToContainTextAsync("line 6: expected KEY=value");
        await Expect(Page.Locator("#lines")).ToHaveValueAsync(pasted);
        await Expect(Page.Locator("#lines")).ToBeFocusedAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:BEFORE");

        await Page.Locator("#lines").FillAsync("GOOD=1\nPORT=80\nALSO=fine");
        await Page.Locator("#paste").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:ALSO add:BEFORE add:GOOD");
        await Expect(Page.Locator(".pending .note")).ToContainTextAsync("Line 2 of the pasted text: PORT is skipped");
        await Page.GoBackAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Environment" })).ToBeVisibleAsync();
        Assert.DoesNotContain("no equals", await Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_cannot_be_keeps_what_was_typed()
    {
        RequestsMayFail();
        await Open(Path);
        await Set(Page, "PORT", "a long value\nof two lines");
        await Expect(Page.Locator("#problems")).ToContainTextAsync("PORT can't be set");
        await Expect(Page.Locator("#key")).ToHaveValueAsync("PORT");
        await Expect(Page.Locator("#value")).ToHaveValueAsync("a long value\nof two lines");
    }

    [Fact]
    public async Task Change_puts_the_cursor_where_the_value_is_typed_and_Reveal_of_what_is_changed_says_which_value_is_which()
    {
        await Open(Path);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Change FOO" }).ClickAsync();
        await Expect(Page.Locator("#edit-value")).ToBeFocusedAsync();
        await Expect(Page.Locator("#edit-value")).ToBeInViewportAsync();
        await Page.Keyboard.TypeAsync("mine");
        await Push(Page, "Set FOO in the pending change");
        await Push(Page, "Reveal FOO");
        await Expect(Page.Locator("#var-FOO td").First).ToContainTextAsync("first-secret");
        Assert.Equal(["in v2", "first-secret", "pending", "mine"], (await Page.Locator("#var-FOO td").First.InnerTextAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim()).Where(l => l.Length > 0));
    }

    [Fact]
    public async Task Apply_Changes_waits_while_another_promotion_runs_and_the_change_stays()
    {
        await Open(Path);
        await Set(Page, "FOO", "mine");
        await Expect(Apply).ToBeEnabledAsync();
        await Driver.Begin(new(PromotionId.New(), A.App, (await Release("v2")).Id, A.Person), Ending);
        await Expect(Apply).ToBeDisabledAsync();
        Driver.Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        await Expect(Apply).ToBeEnabledAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env change:FOO");
    }

    [Fact]
    public async Task A_change_that_another_release_has_already_is_not_lost_with_the_sentence_that_says_so()
    {
        RequestsMayFail();
        await Theirs(("FOO", "second-secret"));
        await Open(Path);
        await Set(Page, "FOO", "first-secret");
        await Page.GetByLabel("(active").CheckAsync();
        await Push(Page, "Apply Changes");
        await Expect(Page.Locator("#problems")).ToContainTextAsync("has this environment already");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env change:FOO");
    }

    private ILocator Apply => Page.GetByRole(AriaRole.Button, new() { Name = "Apply Changes" });

    /// <summary>
    /// Asked of the browser until it is true. <c>WaitForURLAsync</c> is not for this: it misses a page whose <c>load</c> comes between
    /// its look and its listening.
    /// </summary>
    private static Task IsAt(IPage window, string path) => Expect(window).ToHaveURLAsync(new Regex($"/{path}[^/]*$"));

    private static async Task Set(IPage window, string key, string value)
    {
        await window.Locator("#key").FillAsync(key);
        await window.Locator("#value").FillAsync(value);
        await window.RunAndWaitForResponseAsync(
            () => window.Locator("#set").GetByRole(AriaRole.Button).ClickAsync(),
            answer => answer.Request is { IsNavigationRequest: true, Method: "GET" });
    }

    private async Task<Release> Release(string number) => await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse(number), Ending);

    private async Task<string> Environment(ReleaseId release) =>
        string.Join(' ', (await Rack.ReadEnvironment(await Rack.Store.RequireRelease(A.App, release, Ending), Ending))
            .Select(v => $"{v.Key}={v.Value}"));

    private async Task<IEnumerable<Event>> Reveals() =>
        (await Rack.Store.ListEvents(A.App, 50, Ending)).Where(e => e.Kind == EventKind.Revealed);

    private async Task Theirs(params (string Key, string Value)[] variables) =>
        await new EnvironmentRelease(Rack, Clock)
            .Create(new(A.App, new([.. variables.Select(v => KeyValuePair.Create(v.Key, v.Value))], []), null, "somebody else"), Ending);
}
