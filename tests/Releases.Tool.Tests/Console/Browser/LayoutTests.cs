using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>Every page fits every window and can be used by everybody, with the longest names and values that there may be.</summary>
public sealed class LayoutTests(Chromium chromium) : InABrowser(chromium)
{
    private const string Long =
        "Unbroken_words_of_a_hundred_and_twenty_letters_are_in_stack_traces_and_in_addresses_and_in_the_names_of_types_everywhere_";

    private static readonly AppName Name = AppName.Parse("an-app-with-a-name-of-forty-characters-x");

    /// <summary>The widths at which something changes, one less, and those of phones, of tablets, and of a desk at 200 and 400 %.</summary>
    private static readonly int[] Widths = [320, 352, 353, 360, 544, 545, 704, 705, 820, 900, 1056, 1057, 1440];

    private readonly List<string> _pages = [];

    private protected override async Task Arrange()
    {
        await base.Arrange();
        await Rack.Store.App(Name, Ending);
        var many = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"add:VARIABLE_{i}"));
        var old = await Rack.Store.Release(Name, "env " + many, cancel: Ending);
        await Rack.Store.Promoted(old, cancel: Ending);
        await new EnvironmentRelease(Rack, Clock).Create(new(Name, new([.. Enumerable.Range(0, 98)
            .Select(i => KeyValuePair.Create($"VARIABLE_{i}", "1")), new(Long, Long)], []), null, Long), Ending);
        var bad = await Rack.Store.Release(Name, Long + Long,
            r => r with { CreatedBy = Long, Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584" }, cancel: Ending);
        var incomplete = await Rack.Store.Release(Name, Long,
            r => A.Release(r.Number, Name, Long, complete: false) with { BasedOn = r.BasedOn }, cancel: Ending);
        await Driver.Begin(new(PromotionId.New(), Name, bad.Id, Long), Ending);
        var lines = Enumerable.Range(0, 60).Select(i => $"   at {Long}{i}").ToArray();
        Driver.Web(ServiceStatus.Starting, reason: Long).Web(ServiceStatus.RolledBack, healthy: 2, reason: Long, lastLines: lines)
            .Ends(PromotionStatus.Failed, "web exited: " + Long);
        for (var i = 0; i < 3; i++) await Driver.Step();
        var failed = Driver.Promotion;
        await Driver.Begin(new(PromotionId.New(), Name, bad.Id, Long), Ending);
        Driver.Web(ServiceStatus.Starting, healthy: 1, old: 2, reason: "it refused the connection " + Long);
        await Driver.Step();
        await Rack.Store.ChangeApp(Name, a => a with { Hold = new(Long, A.Moment, Long) }, A.Event(EventKind.AppLocked), Ending);
        Rack.NowRunning.ServiceList.Add(new(A.Web, $"http://web.{Name}.localhost:8480/{Long}", "http://127.0.0.1:20000", 2, 2, 1, old.Id,
            "port 20000 is in use: " + Long));
        Rack.NowRunning.ProcessList.Add(new("web-4f21", A.Web, bad.Id, ProcessStatus.Unhealthy, A.Moment, 7, 4711, 25 * 1024 * 1024));
        for (var i = 0; i < 100; i++) Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-4f21", old.Id, $"{i} {Long}"));
        _pages.AddRange(["/", "/signed-out", "/nowhere", .. new[]
        {
            "releases", $"releases/{old.Id}", $"releases/{bad.Id}", $"releases/{incomplete.Id}", "environment", $"environment?key={Long}",
            "promotions", $"promotions/{failed}", $"promotions/{Driver.Promotion}", $"releases/{old.Id}/promote",
            $"compare?from=v1&to=v{bad.Number}", "services", "logs", "builds", "events",
        }.Select(page => $"/apps/{Name}/{page}")]);
        RequestsMayFail();
    }

    [Fact]
    public async Task No_page_is_wider_than_its_window_and_every_button_and_link_is_within_it()
    {
        var seen = new List<string>();
        foreach (var (number, path) in (await Pages()).Index())
        {
            await Open(path);
            foreach (var width in Widths)
            {
                await Page.SetViewportSizeAsync(width, 800);
                await Picture($"long-{number}-{width}");
                if (await Legible.TooWide(Page) is > 0 and var tooWide) seen.Add($"{path} at {width}: {tooWide} px too wide");
                seen.AddRange((await Legible.Outside(Page)).Select(what => $"{path} at {width}: outside is {what}"));
                // A row is a row: no description makes one as high as the window.
                if (await Legible.HighestRow(Page) is > 600 and var high && !path.Contains("/promotions/", StringComparison.Ordinal))
                    seen.Add($"{path} at {width}: a row is {high} px high");
            }
        }

        Assert.True(seen.Count == 0, string.Join('\n', seen));
    }

    [Fact]
    public async Task Axe_finds_nothing_on_any_page_at_any_width_in_light_and_dark()
    {
        var seen = new List<string>();
        foreach (var path in await Pages())
        {
            await Open(path);
            foreach (var (width, scheme) in new[] { (360, ColorScheme.Light), (820, ColorScheme.Dark), (1440, ColorScheme.Light) })
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                await Page.SetViewportSizeAsync(width, 800);
                seen.AddRange((await Legible.Axe(Page)).Select(v => $"{path} at {width} in {scheme}: {v}"));
            }
        }

        Assert.True(seen.Count == 0, string.Join('\n', seen));
    }

    [Fact]
    public async Task What_appears_on_an_open_page_moves_nothing_that_was_there()
    {
        var app = await Rack.Store.App(cancel: Ending);
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        foreach (var path in new[] { "releases", $"releases/{release.Id}", "environment", "services", "promotions" })
        {
            await Page.SetViewportSizeAsync(1200, 800);
            await Open($"/apps/hello/{path}");
            await Page.EvaluateAsync(
                "() => { window.shifted = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) window.shifted += e.value; }).observe({ type: 'layout-shift' }); }");
            await Driver.Begin(new(PromotionId.New(), app.Name, release.Id, A.Person), Ending);
            await Expect(Page.Locator("#live")).ToContainTextAsync("checking");
            Driver.Web(ServiceStatus.Starting, reason: "it answered 503");
            await Driver.Step();
            await Expect(Page.Locator("#live")).ToContainTextAsync("503");
            // What is docked hides nothing that the focus can be at.
            await Page.EvaluateAsync("[...document.querySelectorAll('#page a[href], #page button:not(:disabled)')].at(-1).focus()");
            Assert.True(await Page.EvaluateAsync<bool>(
                "() => { const e = document.activeElement.getBoundingClientRect(), d = document.querySelector('.docked').getBoundingClientRect(); return e.bottom <= d.top + 1; }"), path);
            await Page.EvaluateAsync("() => { document.activeElement.blur(); scrollTo(0, 0); }");
            Driver.Ends(PromotionStatus.Succeeded);
            await Driver.Step();
            await Expect(Page.Locator("#notice")).ToContainTextAsync("is active");
            await Expect(Page.Locator(".docked")).ToHaveCountAsync(0);
            await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            // A status that comes into a row may widen its column, and the list of promotions gets a row; 0.1 is what is felt as still.
            Assert.InRange(await Page.EvaluateAsync<double>("window.shifted"), 0, path == "promotions" ? 0.1 : 0.05);
        }
    }

    /// <summary>All of them, also the one that says why a button was refused, and a change that is pending.</summary>
    private async Task<IReadOnlyList<string>> Pages()
    {
        await Open($"/apps/{Name}/environment");
        await Page.Locator("#lines").FillAsync(string.Join('\n', Enumerable.Range(0, 120).Select(i => $"PENDING_{i}_{Long}=1")));
        await Page.Locator("#paste").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending")).ToHaveCountAsync(1);
        _pages.Add(new Uri(Page.Url).PathAndQuery);
        await Open($"/apps/{Name}/environment");
        // Sent as the form would be; a click may meet the page while it is brought up to date.
        var refused = await Page.EvaluateAsync<string>(
            "async () => { const fields = new FormData(document.querySelector('.who form')); return (await fetch(location.pathname.replace('environment', 'approve'), { method: 'POST', body: new URLSearchParams(fields) })).url; }");
        Assert.Contains("error=", refused, StringComparison.Ordinal);
        _pages.Add(new Uri(refused).PathAndQuery);
        return _pages;
    }
}
