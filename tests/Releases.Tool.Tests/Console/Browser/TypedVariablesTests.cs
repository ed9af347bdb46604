using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>What is typed on the environment page stays, whatever others do and whatever else is pressed there.</summary>
public sealed class TypedVariablesTests(Chromium chromium) : InABrowser(chromium)
{
    private const string Path = "/apps/hello/environment";

    private protected override async Task Arrange()
    {
        await base.Arrange();
        await Rack.Store.Release(cancel: Ending);
        await Theirs(["FOO=first-secret"]);
    }

    [Fact]
    public async Task A_value_typed_in_a_row_stays_when_somebody_else_removes_the_variable()
    {
        await Open($"{Path}?key=FOO");
        await Page.Locator("#edit-value").FillAsync("mine");
        await Theirs([], "FOO");
        await Expect(Page.Locator("#var-FOO")).ToContainTextAsync("was removed meanwhile");
        await Expect(Page.Locator("#edit-value")).ToHaveValueAsync("mine");
        await Expect(Page.Locator("#edit-value")).ToBeFocusedAsync();
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        Assert.Empty(await Legible.Axe(Page));
        await Push(Page, "Set FOO in the pending change");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env add:FOO");
    }

    [Fact]
    public async Task A_page_whose_only_row_is_removed_goes_on_and_blocks_nothing()
    {
        await Theirs(["BAR=1"]);
        await Open($"{Path}?q=FOO");
        await Theirs([], "FOO");
        await Expect(Page.Locator("#page")).ToContainTextAsync("No variable’s name contains");
        await Theirs(["FOO_2=1"]);
        await Expect(Page.Locator("#var-FOO_2")).ToHaveCountAsync(1);
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        await Push(Page, "Remove FOO_2");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env remove:FOO_2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=BAR")]
    public async Task What_is_typed_below_stays_when_somebody_else_adds_the_first_variable_that_the_page_shows(string query)
    {
        await Theirs([], "FOO");
        await Open($"{Path}{query}");
        await Expect(Page.Locator(".empty")).ToHaveCountAsync(1);
        await Page.Locator("#key").FillAsync("HALF");
        await Page.Locator("#value").FillAsync("typed\ntoo");
        await Page.Locator("#lines").FillAsync("A=1\nB=2");
        await Page.Locator("#lines").FocusAsync();
        await Theirs(["BAR=1"]);
        await Expect(Page.Locator("#var-BAR")).ToHaveCountAsync(1);
        await IsStillTyped();
        await Expect(Page.Locator("#lines")).ToBeFocusedAsync();
        await Theirs([], "BAR");
        await Expect(Page.Locator(".empty")).ToHaveCountAsync(1);
        await IsStillTyped();
        await Expect(Page.Locator("#lines")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_part_without_a_name_is_known_by_what_stays_in_it()
    {
        await Open(Path);
        var after = await Page.EvaluateAsync<string>("""
            () => {
              const tree = html => Object.assign(document.createElement('div'), { innerHTML: html });
              const old = tree('<div>none</div> <nav></nav> <div><p><input id="kept" data-keep></p></div>');
              old.querySelector('input').value = 'typed';
              morph(old, tree('<form></form> <nav></nav> <div>text <p><input id="kept" data-keep></p></div>'));
              const [last, input] = [old.lastElementChild, old.querySelector('input')];
              return `${[...old.children].map(child => child.localName).join(' ')} ${last.textContent}${input.value}`;
            }
            """);
        Assert.Equal("form nav div text typed", after);
    }

    [Fact]
    public async Task A_pending_change_that_ended_with_its_session_is_said_to_be_gone_and_the_page_goes_on()
    {
        RequestsMayFail();
        await Open(Path);
        await Page.Locator("#key").FillAsync("NEW");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending")).ToHaveCountAsync(1);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Change FOO" }).ClickAsync();
        await Page.Locator("#edit-value").FillAsync("mine");
        var cookie = (await Person.CookiesAsync()).Single();
        ConsoleContext.Sessions.End(cookie.Value);
        await Expect(Page.Locator("#offline")).ToContainTextAsync("you are not signed in");
        var again = new Cookie { Name = cookie.Name, Value = ConsoleContext.Sessions.Begin(), Domain = cookie.Domain, Path = "/" };
        await Person.AddCookiesAsync([again]);
        await Expect(Page.Locator("#draft-gone")).ToContainTextAsync("This page’s pending change is gone.");
        await Expect(Page.Locator(".pending")).ToHaveCountAsync(0);
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
        await Expect(Page.Locator("#edit-value")).ToHaveValueAsync("mine");
        await Expect(Page.Locator("#edit-value")).ToBeFocusedAsync();
        await Push(Page, "Set FOO in the pending change");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env change:FOO");
    }

    [Fact]
    public async Task A_refused_name_stays_in_Add_variable_and_what_was_typed_in_a_row_stays_in_the_row()
    {
        RequestsMayFail();
        await Open($"{Path}?key=FOO");
        await Page.Locator("#edit-value").FillAsync("mine");
        await Page.Locator("#key").FillAsync("PORT");
        await Page.Locator("#value").FillAsync("8080");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator("#set #problems")).ToContainTextAsync("PORT can't be set");
        await IsInBoth("PORT", "8080");
        await Expect(Page.Locator("#value")).Not.ToBeFocusedAsync();
        await Expect(Page.Locator("#key")).ToBeFocusedAsync();
        Assert.Empty(await Legible.Axe(Page));

        // The other way round, too.
        await Page.Locator("#key").FillAsync("HALF");
        await Page.Locator("#edit-value").FillAsync(new string('x', 70_000));
        await Push(Page, "Set FOO in the pending change");
        await Expect(Page.Locator("#var-FOO #problems")).ToHaveCountAsync(1);
        await Page.Locator("#edit-value").FillAsync("mine");
        await IsInBoth("HALF", "8080");
    }

    [Fact]
    public async Task A_row_stays_with_what_was_typed_in_it_when_the_list_is_filtered_or_turned_to_another_page()
    {
        await Theirs([.. Enumerable.Range(0, 150).Select(i => $"VAR_{i:D3}=1")]);
        await Open($"{Path}?key=FOO");
        await Page.Locator("#edit-value").FillAsync("mine");
        await Page.Locator("#key").FillAsync("HALF");
        await Page.Locator("#value").FillAsync("typed");
        await Page.Locator("#filter").FillAsync("VAR_14");
        await Push(Page, "Filter");
        await Expect(Page.Locator("tr[id^=var-VAR]")).ToHaveCountAsync(10);
        await IsInBoth("HALF", "typed");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "More" }).ClickAsync();
        await Expect(Page.Locator("#var-VAR_149")).ToHaveCountAsync(1);
        await Expect(Page.Locator("#var-VAR_001")).ToHaveCountAsync(0);
        await IsInBoth("HALF", "typed");
        await Page.GetByRole(AriaRole.Link, new() { Name = "First" }).ClickAsync();
        await Expect(Page.Locator("#var-VAR_001")).ToHaveCountAsync(1);
        await IsInBoth("HALF", "typed");
    }

    [Fact]
    public async Task An_error_of_the_scripts_is_no_lost_connection()
    {
        await Open(Path);
        await Page.EvaluateAsync("() => { times.tick = () => { throw new Error('broken on purpose'); }; }");
        ScriptsMayFail();
        var reported = new TaskCompletionSource<string>();
        Page.PageError += (_, error) => reported.TrySetResult(error);
        await Theirs(["OTHER=1"]);
        Assert.Contains("broken on purpose", await reported.Task.WaitAsync(Ending), StringComparison.Ordinal);
        await Expect(Page.Locator("#offline")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task What_is_typed_in_the_other_forms_comes_with_every_button_and_link_of_the_page()
    {
        RequestsMayFail();
        await Theirs([.. Enumerable.Range(0, 9).Select(i => $"VAR_{i}=1")]);
        await Open(Path);
        await Page.Locator("#key").FillAsync("HALF");
        await Page.Locator("#value").FillAsync("typed\ntoo");
        await Page.Locator("#lines").FillAsync("A=1\nB=2");
        await Push(Page, "Reveal FOO");
        await Expect(Page.Locator("#var-FOO .value")).ToHaveTextAsync("first-secret");
        await IsStillTyped();
        await Push(Page, "Remove VAR_1");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env remove:VAR_1");
        await IsStillTyped();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Change FOO" }).ClickAsync();
        await Page.Locator("#edit-value").FillAsync("mine");
        await IsStillTyped();
        await Push(Page, "Remove VAR_2");
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env remove:VAR_1 remove:VAR_2");
        await Expect(Page.Locator("#edit-value")).ToHaveValueAsync("mine");
        await Push(Page, "Set FOO in the pending change");
        await Expect(Page.Locator("#edit-value")).ToHaveCountAsync(0);
        await IsStillTyped();
        await Page.Locator("#filter").FillAsync("FOO");
        await Push(Page, "Filter");
        await Expect(Page.Locator("#var-VAR_3")).ToHaveCountAsync(0);
        await IsStillTyped();

        // Nothing is applied without what a person believes to be in it.
        await Push(Page, "Apply Changes");
        await Expect(Page.Locator("#problems")).ToContainTextAsync("what you typed in Add variable isn't part of the pending change.");
        Assert.Empty(Driver.Begun);
        await IsStillTyped();
        Assert.DoesNotContain("typed", Page.Url, StringComparison.Ordinal);
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToContainTextAsync("add:HALF");
        await Expect(Page.Locator("#value")).ToHaveValueAsync("");
        await Expect(Page.Locator("#lines")).ToHaveValueAsync("A=1\nB=2");
    }

    [Fact]
    public async Task Buttons_that_are_on_every_page_keep_what_is_typed_on_this_one()
    {
        RequestsMayFail();
        await Open($"{Path}?key=FOO");
        await Page.Locator("#edit-value").FillAsync("mine");
        await Page.Locator("#key").FillAsync("HALF");
        await Page.Locator("#value").FillAsync("typed");
        await Push(Page, "Turn off single-key shortcuts");
        await Expect(Page.Locator("body[data-keys=off]")).ToHaveCountAsync(1);
        await IsInBoth("HALF", "typed");
        await Page.Locator("#lock summary").ClickAsync();
        await Page.Locator("#reason").FillAsync("counting");
        await Page.Locator("#lock").GetByRole(AriaRole.Button, new() { Name = "Lock", Exact = true }).ClickAsync();
        await Expect(Page.Locator("#hold")).ToContainTextAsync("counting");
        await IsInBoth("HALF", "typed");
        await Push(Page, "Unlock");
        await Expect(Page.Locator("#hold .note")).ToHaveCountAsync(0);
        await IsInBoth("HALF", "typed");

        // One that is refused, too.
        await Page.Locator("#lock summary").ClickAsync();
        await Page.Locator("#reason").FillAsync("\u0001");
        await Page.Locator("#lock").GetByRole(AriaRole.Button, new() { Name = "Lock", Exact = true }).ClickAsync();
        await Expect(Page.Locator("#error")).ToContainTextAsync("the reason is empty");
        await IsInBoth("HALF", "typed");
    }

    [Theory]
    [InlineData(720)]
    [InlineData(1000)]
    [InlineData(1280)]
    public async Task Long_names_and_values_are_read_at_every_width_and_do_not_make_the_page_long(int width)
    {
        var issuers = string.Join(' ', Enumerable.Repeat("https://login.example", 400));
        await Theirs([$"Authentication__Schemes__Bearer__TokenValidationParameters__ValidIssuer={issuers}"]);
        await Page.SetViewportSizeAsync(width, 900);
        await Open(Path);
        await Page.Locator("[aria-label^='Reveal Authentication']").ClickAsync();
        var value = await Page.Locator(".value").BoundingBoxAsync();
        var buttons = await Page.Locator("tr:has(.value) td.do").BoundingBoxAsync();
        Assert.InRange(value!.Width, 300, width);
        Assert.InRange(value.Height, 20, 200);
        Assert.True(buttons!.X >= value.X + value.Width - 1 || buttons.Y >= value.Y + value.Height - 1, "the buttons cover the value");
        Assert.Equal(0, await Legible.TooWide(Page));
        Assert.Empty(await Legible.Axe(Page));
    }

    private async Task IsInBoth(string name, string value)
    {
        await Expect(Page.Locator("#edit-value")).ToHaveCountAsync(1);
        await Expect(Page.Locator("#var-FOO #edit-value")).ToHaveValueAsync("mine");
        await Expect(Page.Locator("#key")).ToHaveValueAsync(name);
        await Expect(Page.Locator("#value")).ToHaveValueAsync(value);
    }

    private async Task IsStillTyped()
    {
        await Expect(Page.Locator("#key")).ToHaveValueAsync("HALF");
        await Expect(Page.Locator("#value")).ToHaveValueAsync("typed\ntoo");
        await Expect(Page.Locator("#lines")).ToHaveValueAsync("A=1\nB=2");
    }

    private async Task Theirs(IEnumerable<string> set, params string[] removed) =>
        await new EnvironmentRelease(Rack, Clock).Create(new(A.App,
            new([.. set.Select(s => KeyValuePair.Create(s.Split('=', 2)[0], s.Split('=', 2)[1]))], removed), null, "somebody else"), Ending);
}
