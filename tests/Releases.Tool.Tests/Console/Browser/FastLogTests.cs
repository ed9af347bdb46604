using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Lines come faster than a window can draw them and than anybody can read.</summary>
public sealed class FastLogTests(Chromium chromium) : InABrowser(chromium)
{
    /// <summary>Counts what costs: times that the page is laid out to be measured, events, and lines that are put into the page.</summary>
    private const string Counters = """
        const height = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollHeight');
        window.measured = window.events = window.inserted = window.most = 0;
        Object.defineProperty(Element.prototype, 'scrollHeight', { get() { window.measured++; return height.get.call(this); } });
        addEventListener('DOMContentLoaded', () => {
          const log = document.getElementById('log');
          log?.addEventListener('lines', () => window.events++);
          if (log) new MutationObserver(records => {
            for (const record of records) window.inserted += record.addedNodes.length;
            window.most = Math.max(window.most, log.childElementCount);
          }).observe(log, { childList: true });
        });
        """;

    private const int Kept = 2000;

    private Release _release = null!;
    private int _printed;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        Rack.NowRunning.GoesOn = true;
        _release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(_release, cancel: Ending);
        await Page.AddInitScriptAsync(Counters);
        await Open("/apps/hello/logs");
    }

    [Fact]
    public async Task Twenty_thousand_lines_are_drawn_in_a_few_strokes_and_the_newest_stay()
    {
        const int lines = 20_000;
        Print(lines);
        await Expect(Page.Locator("#log div").Last).ToContainTextAsync($"line {lines - 1}");
        // Of what comes at once the page gets the end, and how much is left out.
        Assert.InRange(await Page.Locator("#log div").CountAsync(), LogStream.MaxAtOnce, Kept);
        // What is left of a line that was removed would stay for as long as the page is open.
        Assert.InRange(await Page.EvaluateAsync<int>("document.getElementById('log').childNodes.length"), LogStream.MaxAtOnce, Kept + 2);
        await Expect(Page.Locator("#log .left").First).ToContainTextAsync("lines are left out here");
        // Each one is a layout of the whole page.
        Assert.InRange(await Page.EvaluateAsync<int>("window.measured"), 1, lines / 20);
        await IsAtItsEnd();
    }

    [Fact]
    public async Task While_a_hundred_thousand_lines_are_printed_the_page_draws_frames_answers_clicks_and_holds_only_the_last_lines()
    {
        for (var burst = 0; burst < 40; burst++)
        {
            Print(2500);
            // A page that is busy with lines draws no frame.
            await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))");
        }

        await Expect(Page.Locator("#log div").Last).ToContainTextAsync($"line {_printed - 1}");
        var events = await Count("events");
        Assert.InRange(await Count("most"), 1, Kept + LogStream.MaxAtOnce + 1);
        Assert.InRange(await Count("inserted"), 1, events * (2 * LogStream.MaxAtOnce + 3));
        Assert.InRange(await Count("measured"), 1, 3 * events + 3);
        Assert.InRange(await Page.Locator("#log div").CountAsync(), LogStream.MaxAtOnce, Kept);

        await Push(Page, "Pause");
        var before = (await Count("events"), await Count("inserted"));
        for (var burst = 0; burst < 12; burst++)
        {
            Print(2500);
            var seen = await Count("events");
            await Page.WaitForFunctionAsync("seen => window.events > seen", seen);
        }

        Assert.Equal(before.Item2, await Count("inserted"));
        await Push(Page, "Continue (new lines)");
        await Expect(Page.Locator("#log div").Last).ToContainTextAsync($"line {_printed - 1}");
        // What came meanwhile is put in at once, and no more of it than is kept.
        Assert.InRange(await Count("inserted") - before.Item2, 1, 2 * Kept + 2);
        await Expect(Page.Locator("#log .left").First).ToContainTextAsync("lines are left out here");
        await IsAtItsEnd();
    }

    [Fact]
    public async Task A_paused_log_stays_paused_when_the_rest_of_the_page_is_updated_and_continues()
    {
        Print(1);
        await Push(Page, "Pause");
        Print(1);
        await Expect(Page.Locator("#pause")).ToHaveTextAsync("Continue (new lines)");
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("somebody", A.Moment, "we count the stock") },
            A.Event(EventKind.AppLocked), Ending);
        await Expect(Page.Locator("#hold")).ToContainTextAsync("we count the stock");
        await Expect(Page.Locator("#log")).Not.ToContainTextAsync("line 1");
        await Push(Page, "Continue (new lines)");
        await Expect(Page.Locator("#log div").Last).ToContainTextAsync("line 1");
        await Expect(Page.Locator("#pause")).ToHaveTextAsync("Pause");
    }

    [Fact]
    public async Task An_empty_log_says_so_until_something_is_printed_and_colors_are_not_shown_as_signs()
    {
        await Expect(Page.Locator("#log")).ToHaveTextAsync("Nothing was printed yet.");
        Rack.NowRunning.Print(new LogLine(Clock.GetUtcNow(), A.Web, "web-1", _release.Id, "\e[31mfail\e[0m: it"));
        foreach (var isLoaded in new[] { false, true })
        {
            if (isLoaded) await Page.ReloadAsync();
            await Expect(Page.Locator("#log div > span").Last).ToHaveTextAsync("fail: it");
            await Expect(Page.Locator("#log .c1")).ToHaveTextAsync("fail");
            await Expect(Page.Locator("#log")).Not.ToContainTextAsync("Nothing was printed yet.");
        }
    }

    private void Print(int lines)
    {
        Rack.NowRunning.Print(
            [.. Enumerable.Range(_printed, lines).Select(i => new LogLine(Clock.GetUtcNow(), A.Web, "web-1", _release.Id, $"line {i}"))]);
        _printed += lines;
    }

    private async Task IsAtItsEnd() => await Page.WaitForFunctionAsync(
        "() => { const l = document.getElementById('log'); return l.scrollHeight - l.scrollTop - l.clientHeight < 40; }");

    private Task<int> Count(string what) => Page.EvaluateAsync<int>($"window.{what}");
}
