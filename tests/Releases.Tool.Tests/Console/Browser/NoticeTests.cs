using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>A window tells how a rollout stands though nobody looks into it.</summary>
public sealed class NoticeTests(Chromium chromium) : InABrowser(chromium)
{
    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        _release = await Rack.Store.Release(cancel: Ending);
    }

    [Fact]
    public async Task Title_and_icon_follow_a_rollout_and_its_end_stays_until_somebody_closes_it()
    {
        await Open("/apps/hello/builds");
        await Expect(Page).ToHaveTitleAsync("Builds · hello");
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        Driver.Web(ServiceStatus.Starting, healthy: 1, old: 2);
        await Driver.Step();
        await Expect(Page).ToHaveTitleAsync("● 0/1 Builds · hello");
        await Expect(Icon).ToHaveAttributeAsync("href", "/assets/icon-busy.svg");
        await Expect(Page.Locator("#notice")).ToBeHiddenAsync();

        Driver.Web(ServiceStatus.Complete, healthy: 2).Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        await Driver.Step();
        await Expect(Page).ToHaveTitleAsync("✓ Builds · hello");
        await Expect(Icon).ToHaveAttributeAsync("href", "/assets/icon-good.svg");
        await Expect(Page.Locator("#notice")).ToContainTextAsync("v2");
        Assert.Empty(await Legible.Axe(Page));
        await Page.Locator("#notice").GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(Page.Locator("#notice")).ToBeHiddenAsync();
        // A page that is opened later shows no end that it didn't see begin.
        await Open("/apps/hello/builds");
        await Expect(Page.Locator("#notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task One_that_fails_is_told_so()
    {
        await Open("/apps/hello/releases");
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        await Driver.Step();
        await Expect(Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^●"));
        Driver.Web(ServiceStatus.RolledBack).Ends(PromotionStatus.Failed, "web exited with code 134");
        await Driver.Step();
        await Driver.Step();
        await Expect(Page).ToHaveTitleAsync("✕ Releases · hello");
        await Expect(Icon).ToHaveAttributeAsync("href", "/assets/icon-bad.svg");
        await Expect(Page.Locator("#notice.bad")).ToContainTextAsync("v2");
        // Its end is over once the next one begins.
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        await Expect(Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^●"));
        await Expect(Page.Locator("#notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_window_in_the_background_follows_a_rollout_to_its_end_and_is_current_when_it_comes_back()
    {
        await Open("/apps/hello/releases");
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        Driver.Web(ServiceStatus.Starting, healthy: 1, old: 2);
        await Driver.Step();
        await Expect(Page).ToHaveTitleAsync("● 0/1 Releases · hello");
        await IsSeen(false);
        Driver.Web(ServiceStatus.RolledBack).Ends(PromotionStatus.Failed, "web exited with code 134");
        await Driver.Step();
        await Driver.Step();
        await Expect(Page).ToHaveTitleAsync("✕ Releases · hello");
        await Expect(Icon).ToHaveAttributeAsync("href", "/assets/icon-bad.svg");

        // Nobody looks at the next one.
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        Driver.Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        await Expect(Page).ToHaveTitleAsync("✕ Releases · hello");
        await IsSeen(true);
        await Expect(Page).ToHaveTitleAsync("✓ Releases · hello");
        await Expect(Page.Locator("#notice")).ToContainTextAsync("v2 is active");
        await Expect(Page.Locator($"{Row(_release)} .chip")).ToHaveTextAsync("active");
    }

    [Fact]
    public async Task An_end_is_shown_once_with_a_link_and_in_the_color_of_its_status()
    {
        await Open("/apps/hello/builds");
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        await Expect(Page.Locator(".docked .progress")).ToBeVisibleAsync();
        Driver.Ends(PromotionStatus.Cancelled, "cancelled by somebody");
        await Driver.Step();
        await Expect(Page.Locator("#notice")).ToContainTextAsync("cancelled");
        await Expect(Page.Locator("#notice.bad")).ToHaveCountAsync(0);
        await Expect(Page.Locator("#live .progress")).ToBeHiddenAsync();
        await Page.Locator("#notice a").ClickAsync();
        await Expect(Page.Locator("h1")).ToHaveTextAsync("Promotion of v2");
        await Expect(Page.Locator("#promotion .progress")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_printed_page_has_its_text_whole_and_no_buttons()
    {
        await Open("/apps/hello/releases");
        await Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(Page.Locator($"{Row(_release)} th")).ToBeVisibleAsync();
        await Expect(Page.Locator("button:visible, .button:visible, form.search:visible")).ToHaveCountAsync(0);
        await Open("/apps/hello/logs");
        Assert.Equal("none", await Page.EvaluateAsync<string>("getComputedStyle(document.getElementById('log')).maxHeight"));
    }

    [Fact]
    public async Task An_id_is_copied_by_a_button_that_says_so_and_that_stays_where_the_page_is_updated()
    {
        await Person.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await Open($"/apps/hello/releases/{_release.Id}");
        var copy = Page.GetByRole(AriaRole.Button, new() { Name = "Copy the id" });
        await copy.ClickAsync();
        await Expect(copy).ToHaveTextAsync("Copied");
        Assert.Equal(_release.Id.ToString(), await Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await Rack.Store.ChangeApp(A.App, a => a with { Pinned = [_release.Id] }, A.Event(EventKind.ReleasePinned, _release.Id), Ending);
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        await Driver.Step();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Unpin" })).ToBeVisibleAsync();
        await Expect(copy).ToBeVisibleAsync();
    }

    private ILocator Icon => Page.Locator("#icon");
}
