using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>No part of an open page keeps showing what is out of date, wherever the focus is.</summary>
public sealed class StaleTruthTests(Chromium chromium) : InABrowser(chromium)
{
    private Release _old = null!;
    private Release _new = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _old = await Rack.Store.Release(description: "the first", cancel: Ending);
        await Rack.Store.Promoted(_old, cancel: Ending);
        _new = await Rack.Store.Release(description: "the second", cancel: Ending);
    }

    [Fact]
    public async Task A_list_that_has_the_focus_shows_what_became_active_and_keeps_the_focus()
    {
        await Open("/apps/hello/releases");
        await Page.Locator($"{Row(_old)} th a").FocusAsync();
        await Promote();

        await Expect(Page.Locator($"{Row(_new)} .chip")).ToHaveTextAsync("active");
        await Expect(Page.Locator($"{Row(_old)} .chip")).ToHaveTextAsync("was live");
        await Expect(Page.Locator(Row(_new)).Locator("td.do a")).ToHaveTextAsync("Restart");
        await Expect(Page.Locator($"{Row(_old)} th a")).ToBeFocusedAsync();
        // One more release appears above, and the focus is where it was.
        var newest = await Rack.Store.Release(description: "the third", cancel: Ending);
        await Expect(Page.Locator(Row(newest))).ToContainTextAsync("the third");
        await Expect(Page.Locator($"{Row(_old)} th a")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_choice_of_a_release_does_not_become_one_of_the_release_that_takes_its_place()
    {
        await Open("/apps/hello/environment");
        await Page.Locator("#key").FillAsync("FOO");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Page.GetByLabel("v2 (latest").CheckAsync();
        await Rack.Store.Release(cancel: Ending);
        await Expect(Page.Locator(".apply")).ToContainTextAsync("v3 (latest");
        await Expect(Page.Locator("[name=base]")).ToHaveCountAsync(2);
        await Expect(Page.Locator("[name=base]:checked")).ToHaveCountAsync(0);
        await Push(Page, "Apply Changes");
        await Expect(Page.Locator("main input:invalid").First).ToBeFocusedAsync();
        Assert.Empty(Driver.Begun);
        Assert.Equal(3, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
    }

    [Fact]
    public async Task A_link_that_had_the_focus_and_leads_nowhere_meanwhile_leaves_it_in_its_row()
    {
        await Open("/apps/hello/releases");
        await Page.Locator(Row(_new)).Locator("td.do a").FocusAsync();
        await Promote();
        await Expect(Page.Locator(Row(_new)).Locator("td.do a")).ToHaveTextAsync("Restart");
        await Expect(Page.Locator($"{Row(_new)} :focus")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Every_page_shows_what_changed_though_what_is_in_it_has_the_focus()
    {
        foreach (var path in new[] { "releases", $"releases/{_new.Id}", $"releases/{_old.Id}", "environment",
            "promotions" }.Select(p => $"/apps/hello/{p}"))
        {
            await Open(path);
            await FocusSomethingIn("#page");
            var before = await Inner("#page");
            await Promote();
            await Expect(Page.Locator("#live")).ToContainTextAsync("is active");
            await Expect(Page.Locator("#page")).Not.ToHaveTextAsync(before, new() { UseInnerText = true });
            var shown = Squeezed(await SettledText());
            await Page.ReloadAsync();
            Assert.Equal(Squeezed(await SettledText()), shown);
            (_old, _new) = (_new, await Rack.Store.Release(cancel: Ending));
        }
    }

    [Fact]
    public async Task Once_a_promotion_is_seen_to_run_no_button_begins_another_though_the_page_itself_does_not_come()
    {
        foreach (var path in new[] { "/apps/hello/releases", $"/apps/hello/releases/{_new.Id}" })
        {
            await Open(path);
            await Expect(Page.Locator("[data-begins]:not([aria-disabled]):not(:disabled)")).Not.ToHaveCountAsync(0);
            await Page.RouteAsync("**/apps/hello/releases*",
                route => route.Request.ResourceType == "fetch" ? Task.CompletedTask : route.ContinueAsync());
            await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, A.Person), Ending);
            await Expect(Page.Locator("#live")).ToContainTextAsync("checking");
            await Expect(Page.Locator("[data-begins]:not([aria-disabled]):not(:disabled)")).ToHaveCountAsync(0);
            Driver.Ends(PromotionStatus.Failed, "it is over");
            await Driver.Step();
            await Page.UnrouteAllAsync();
        }
    }

    [Fact]
    public async Task A_lock_is_learned_by_open_pages_and_shown_with_the_apps()
    {
        foreach (var path in new[] { "/apps/hello/releases", $"/apps/hello/releases/{_new.Id}" })
        {
            await Open(path);
            await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("somebody", A.Moment, "we count the stock") },
                A.Event(EventKind.AppLocked), Ending);
            await Expect(Page.Locator("#hold")).ToContainTextAsync("we count the stock");
            await Expect(Page.Locator("#lock summary")).ToHaveCountAsync(0);
            await Expect(Page.Locator("[data-begins]:not([aria-disabled]):not(:disabled)")).ToHaveCountAsync(0);
            await Rack.Store.ChangeApp(A.App, a => a with { Hold = null }, A.Event(EventKind.AppUnlocked), Ending);
            await Expect(Page.Locator("#hold .note")).ToHaveCountAsync(0);
            await Expect(Page.Locator("[data-begins]:not([aria-disabled]):not(:disabled)")).Not.ToHaveCountAsync(0);
        }

        await Open("/");
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("somebody", A.Moment, "we count the stock") },
            A.Event(EventKind.AppLocked), Ending);
        await Expect(Page.Locator("#page")).ToContainTextAsync("locked by somebody");
    }

    [Fact]
    public async Task The_first_app_appears_on_a_page_that_had_none()
    {
        await Rack.Store.ChangeApp(A.App, a => a.Deleted(A.Event(EventKind.AppDeleted)), A.Event(EventKind.AppDeleted), Ending);
        await Open("/");
        await Expect(Page.Locator("#page")).ToContainTextAsync("no apps yet");
        await Rack.Store.App(AppName.Parse("another"), Ending);
        await Expect(Page.Locator("#page")).ToContainTextAsync("another");
    }

    [Fact]
    public async Task Times_pass_on_an_open_page_as_a_terminal_would_say_them_and_nowhere_contradict_each_other()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, A.Person), Ending);
        await Open($"/apps/hello/promotions/{Driver.Promotion}");
        var times = Page.Locator("time[datetime]:not([data-elapsed])");
        Assert.True(await times.CountAsync() > 1);
        Assert.Single((await times.AllInnerTextsAsync()).Distinct());
        Assert.DoesNotContain("Duration", await Inner("#page"), StringComparison.Ordinal);

        // The same words as RelativeTime and Duration, at the edges of every unit.
        var seconds = new long[] { 0, 1, 2, 59, 60, 61, 119, 3599, 3600, 86399, 86400, 604799, 604800, 2591999, 2592000, 31103999,
            31104000, 99999999 };
        var now = Clock.GetUtcNow();
        await Page.EvaluateAsync(
            "([seconds, now]) => { document.getElementById('page').dataset.keep = ''; for (const s of seconds) { const t = document.createElement('time'); t.className = 'edge'; t.dateTime = new Date(new Date(now) - s * 1000 - 400).toISOString(); t.dataset.age = s; document.getElementById('page').append(t); } }",
            new object[] { seconds, now.UtcDateTime.ToString("O") });
        await Expect(Page.Locator(".edge").First).Not.ToBeEmptyAsync();
        foreach (var edge in await Page.Locator(".edge").AllAsync())
        {
            var age = long.Parse((await edge.GetAttributeAsync("data-age"))!, System.Globalization.CultureInfo.InvariantCulture);
            var text = await edge.InnerTextAsync();
            // On a busy machine the page learns the server's time late, and is behind by as much.
            var since = (Clock.GetUtcNow() - now).TotalSeconds + 2;
            Assert.Contains(text, Enumerable.Range(-(int)since, 2 * (int)since + 1)
                .Select(late => RelativeTime.Of(now - TimeSpan.FromSeconds(Math.Max(0, age + late)), now)));
        }
    }

    /// <summary>Another terminal promotes what is new.</summary>
    private async Task Promote()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, "somebody@elsewhere"), Ending);
        Driver.Web(ServiceStatus.Starting).Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        await Driver.Step();
    }

    private async Task<string> Inner(string of) => await Page.Locator(of).First.InnerTextAsync();

    private async Task FocusSomethingIn(string part) =>
        await Page.EvaluateAsync("part => document.querySelector(part).querySelector('a, button:not(:disabled), textarea, pre')?.focus()",
            part);

    /// <summary>What the page says once nothing is on its way.</summary>
    private async Task<string> SettledText()
    {
        var text = await Inner("#page");
        for (var same = 0; same < 3;)
        {
            await Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 300))");
            var now = await Inner("#page");
            (same, text) = now == text ? (same + 1, text) : (0, now);
        }

        return text;
    }

    private static string Squeezed(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, @"\s+|\d+ (second|minute)s? ago", " ");
}
