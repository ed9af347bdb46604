using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>What a page asks is what its button does, however long it is open and whoever else does something.</summary>
public sealed class ConfirmationTests(Chromium chromium) : InABrowser(chromium)
{
    private Release _first = null!;
    private Release _second = null!;
    private Release _third = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _first = await Rack.Store.Release(cancel: Ending);
        _second = await Rack.Store.Release(cancel: Ending);
        _third = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(_first, cancel: Ending);
        await Rack.Store.Promoted(_second, cancel: Ending);
    }

    [Fact]
    public async Task A_rollback_keeps_its_release_when_somebody_else_was_faster_and_its_button_does_nothing()
    {
        RequestsMayFail();
        await Open("/apps/hello/rollback");
        await Expect(Page).ToHaveURLAsync(Url($"/apps/hello/releases/{_first.Id}/rollback"));
        await Rack.Store.Promoted(_third, cancel: Ending);
        await IsOutdated("Roll back to v1", "v3");
        await Page.EvaluateAsync("() => document.querySelector('.confirm').submit()");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Couldn’t roll back");
        Assert.Empty(Driver.Begun);
    }

    [Fact]
    public async Task A_promotion_does_not_become_a_restart_before_the_page_is_loaded_again()
    {
        await Open($"/apps/hello/releases/{_third.Id}/promote");
        await Rack.Store.Promoted(_third, cancel: Ending);
        await IsOutdated("Promote v3", "v3");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Reload" }).ClickAsync();
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Restart v3?");
        await Push(Page, "Restart v3");
        await Expect(Page).ToHaveURLAsync(new Regex("/promotions/"));
        Assert.Equal((_third.Id, _third.Id), (Driver.Begun.Single().Release, Driver.Begun.Single().ExpectActive));
    }

    [Fact]
    public async Task A_restart_keeps_the_release_that_was_active()
    {
        await Open("/apps/hello/restart");
        await Rack.Store.Promoted(_third, cancel: Ending);
        await IsOutdated("Restart v2", "v3");
    }

    [Fact]
    public async Task A_promotion_that_failed_meanwhile_leaves_the_page_as_it_was()
    {
        await Open($"/apps/hello/releases/{_third.Id}/promote");
        await Driver.Begin(new(PromotionId.New(), A.App, _third.Id, A.Person), Ending);
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Promote v3" })).ToBeDisabledAsync();
        Driver.Ends(PromotionStatus.Failed, "it is over");
        await Driver.Step();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Promote v3" })).ToBeEnabledAsync();
        await Expect(Page.Locator("#outdated")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_refused_promotion_is_still_held_and_a_refused_command_still_for_the_shell()
    {
        RequestsMayFail();
        await Open($"/apps/hello/releases/{_third.Id}/promote");
        Driver.BeforeItBegins = () =>
            throw new Problem(ProblemCode.Busy, "Somebody else was faster.", "Wait for it.", ProblemKind.Busy).ToException();
        await Page.GetByLabel("Hold before").CheckAsync();
        await Push(Page, "Promote v3");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else was faster.");
        await Expect(Page.GetByLabel("Hold before")).ToBeCheckedAsync();

        await Open("/apps/hello/run");
        await Page.GetByLabel("Command").FillAsync("ls | wc");
        await Page.GetByLabel("In a shell").CheckAsync();
        await Page.Locator("#run-release").FillAsync("v98");
        await Push(Page, "Run");
        await Expect(Page.Locator("#problems")).ToContainTextAsync("v98");
        await Expect(Page.GetByLabel("In a shell")).ToBeCheckedAsync();
        await Expect(Page.Locator("#command")).ToHaveValueAsync("ls | wc");
    }

    /// <summary>The page asks what it asked, says what is active now, and can do nothing.</summary>
    private async Task IsOutdated(string asks, string active)
    {
        await Expect(Page.Locator("#outdated")).ToContainTextAsync($"{active} became active since you opened this page: promoted by ");
        await Expect(Page.Locator("h1")).ToHaveTextAsync($"{asks}?");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = asks, Exact = true })).ToBeDisabledAsync();
        Assert.Empty(await Legible.Axe(Page));
    }
}
