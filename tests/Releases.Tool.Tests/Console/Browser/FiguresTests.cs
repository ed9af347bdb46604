using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Figures that change without an event are read again for as long as they can change, and no longer.</summary>
public sealed class FiguresTests(Chromium chromium) : InABrowser(chromium)
{
    private const int Interval = 5000;

    private int _refreshes;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        await RunnableRelease.Activate(Rack, Ending);
        await Page.Clock.InstallAsync();
        Page.Request += (_, request) =>
        {
            if (request.Headers.ContainsKey("x-console-refresh")) Interlocked.Increment(ref _refreshes);
        };
    }

    [Fact]
    public async Task A_canary_that_was_checking_when_its_page_was_opened_has_its_requests_updated_until_it_ends()
    {
        var canary = await Rack.Store.Release(cancel: Ending);
        await Driver.Begin(new(PromotionId.New(), A.App, canary.Id, A.Person), Ending);
        await Open($"/apps/hello/promotions/{Driver.Promotion}");
        await Expect(Page.Locator("#promotion")).ToHaveAttributeAsync("data-every", "0");
        Served(80);
        await Driver.Then(p => p with
        {
            Status = PromotionStatus.RollingOut,
            Plan = new([new(0) { KeepsOld = true }, new(10) { HoldSeconds = 120, KeepsOld = true }, new(100)]),
            Steps = [new(0, 0, A.Moment) { EndedAt = A.Moment }, new(1, 10, Clock.GetUtcNow())],
        }).Step();
        var requests = Page.Locator("[data-label=requests]");
        await Expect(requests).ToHaveTextAsync("80");
        foreach (var more in new[] { 95, 120 })
        {
            Served(more);
            await Page.Clock.FastForwardAsync(Interval + 1);
            await Expect(requests).ToHaveTextAsync($"{more}");
        }

        // A window in the background isn't read again, and one that is back is.
        await IsSeen(false);
        await Page.Clock.FastForwardAsync(Interval + 1);
        await IsSeen(true);
        Served(130);
        await Page.Clock.FastForwardAsync(Interval + 1);
        await Expect(requests).ToHaveTextAsync("130");
        Driver.Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        await Expect(Page.Locator("#promotion")).ToHaveAttributeAsync("data-every", "0");
        await IsReadNoMore();
    }

    [Fact]
    public async Task A_command_that_has_ended_is_not_read_again()
    {
        Rack.RanOnce.Hold();
        await Open("/apps/hello/run");
        await Page.Locator("#command").FillAsync("./Shop migrate");
        await Push(Page, "Run");
        await Expect(Page.Locator("#pause")).ToBeVisibleAsync();
        var before = Volatile.Read(ref _refreshes);
        await Page.Clock.FastForwardAsync(Interval + 1);
        await Until(() => Volatile.Read(ref _refreshes) > before);
        ConsoleContext.Runs.StopAll();
        await Expect(Page.Locator("#exit-code")).ToHaveTextAsync("143");
        await IsReadNoMore();
    }

    private void Served(int requests)
    {
        Rack.Measured!.Now = Clock.GetUtcNow();
        Rack.Measured.Services.Clear();
        var traffic = new TrafficMetrics(requests, 0, 0, 0, 0, null, TimeSpan.FromMilliseconds(41), null);
        Rack.Measured.Services.Add(new(A.Web, Driver.Begun[^1].Release, traffic, 0, []));
    }

    private async Task IsReadNoMore()
    {
        // What is on its way by now may still come.
        await Page.EvaluateAsync("() => fetch('/assets/icon.svg').then(answer => answer.text())");
        var before = Volatile.Read(ref _refreshes);
        for (var time = 0; time < 4; time++)
        {
            await Page.Clock.FastForwardAsync(Interval + 1);
            await Page.EvaluateAsync("() => fetch('/assets/icon.svg').then(answer => answer.text())");
        }

        Assert.Equal(before, Volatile.Read(ref _refreshes));
    }
}
