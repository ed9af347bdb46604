using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Windows share one browser, which keeps six connections to a host.</summary>
public sealed class ManyWindowsTests(Chromium chromium) : InABrowser(chromium)
{
    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        Rack.NowRunning.GoesOn = true;
        _release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(_release, cancel: Ending);
    }

    [Fact]
    public async Task Twenty_windows_that_are_seen_at_once_all_load_and_all_learn_what_goes_on()
    {
        var windows = new List<IPage> { Page };
        await Open("/apps/hello/logs");
        while (windows.Count < 20) windows.Add(await OpenAnother("/apps/hello/logs"));
        Rack.NowRunning.Print(new LogLine(Clock.GetUtcNow(), A.Web, "web-1", _release.Id, "a line for everybody"));
        await Driver.Begin(new(PromotionId.New(), A.App, _release.Id, A.Person), Ending);
        foreach (var window in windows)
        {
            await Expect(window.Locator("#live")).ToContainTextAsync("checking");
            await Expect(window.Locator("#offline")).ToBeHiddenAsync();
        }

        foreach (var window in windows) await Expect(window.Locator("#log")).ToContainTextAsync("a line for everybody");
        // The connections that are left load pages.
        await Open("/apps/hello/releases", windows[^1]);
        Driver.Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        foreach (var window in windows) await Expect(window.Locator("#live")).ToContainTextAsync("is active");
    }

    [Fact]
    public async Task A_window_that_asks_every_two_seconds_learns_too_that_the_console_is_gone()
    {
        RequestsMayFail();
        var windows = new List<IPage> { Page };
        await Open("/apps/hello/logs");
        while (windows.Count < 6) windows.Add(await OpenAnother("/apps/hello/logs"));
        Rack.NowRunning.Print(new LogLine(Clock.GetUtcNow(), A.Web, "web-1", _release.Id, "a line for everybody"));
        foreach (var window in windows) await Expect(window.Locator("#log")).ToContainTextAsync("a line for everybody");
        await Server.DisposeAsync();
        foreach (var window in windows)
            await Expect(window.Locator("#offline:visible")).ToHaveTextAsync("Connection lost. Reconnecting…");
    }

    [Fact]
    public async Task A_rollout_shows_what_still_serves_and_a_rollback_what_is_restored_and_a_page_never_links_to_itself()
    {
        var next = await Rack.Store.Release(cancel: Ending);
        Rack.NowRunning.ServiceList.Add(new(A.Web, null, null, 2, 2, 0, next.Id, null));
        foreach (var (id, release, status) in new[] { ("web-1", _release, ProcessStatus.Healthy),
            ("web-2", _release, ProcessStatus.Healthy), ("web-3", next, ProcessStatus.Starting), ("web-4", next, ProcessStatus.Starting) })
            Rack.NowRunning.ProcessList.Add(new(id, A.Web, release.Id, status, A.Moment, 0, 1, null));
        await Driver.Begin(new(PromotionId.New(), A.App, next.Id, A.Person), Ending);
        await Open("/apps/hello/services");
        await Expect(Page.Locator("#services tr[data-key=web]")).ToContainTextAsync($"2 of v1");

        Driver.Web(ServiceStatus.Starting, reason: "it refused the connection");
        await Driver.Step();
        await Open($"/apps/hello/promotions/{Driver.Promotion}");
        await Expect(Page.Locator("#live")).ToContainTextAsync("refused the connection");
        await Expect(Page.Locator($"main a[href$='/promotions/{Driver.Promotion}']")).ToHaveCountAsync(0);
        Driver.Web(ServiceStatus.RolledBack, healthy: 2, reason: "it refused the connection")
            .Ends(PromotionStatus.Cancelled, "cancelled by somebody@box.");
        await Driver.Step();
        await Driver.Step();
        foreach (var isLoaded in new[] { false, true })
        {
            if (isLoaded) await Page.ReloadAsync();
            var main = Page.Locator("main");
            await Expect(main).ToContainTextAsync($"Cancelled by somebody@box. v1 is still live.");
            await Expect(main).ToContainTextAsync("Restored");
            await Expect(main).Not.ToContainTextAsync("refused the connection");
            await Expect(Page.Locator("main .chip:visible").Filter(new() { HasText = "cancelled" })).ToHaveCountAsync(1);
            await Expect(Page.Locator($"main .progress a[href$='/releases/{next.Id}']:visible")).ToHaveCountAsync(1);
            await Expect(Page.Locator($"main a[href$='/promotions/{Driver.Promotion}']:visible")).ToHaveCountAsync(0);
            await Expect(Page.Locator("main progress.back:visible")).ToHaveCountAsync(1);
        }
    }

    [Fact]
    public async Task A_release_without_services_is_not_offered_and_says_why()
    {
        var empty = await Rack.Store.Release(with: r => r with { Services = new Dictionary<ServiceName, ReleaseService>() },
            cancel: Ending);
        await Open("/apps/hello/releases");
        await Expect(Page.Locator(Row(empty))).ToContainTextAsync("it has no services yet");
        await Expect(Page.Locator(Row(empty)).Locator("td.do a")).ToHaveCountAsync(0);
        await Open($"/apps/hello/releases/{empty.Id}");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Promote", Exact = true })).ToHaveCountAsync(0);
    }
}
