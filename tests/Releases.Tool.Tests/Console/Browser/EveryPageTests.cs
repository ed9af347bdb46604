using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Every page, at every width, in light and dark: nothing that axe holds against it, nothing faint, nothing outside of the
/// window.</summary>
public sealed class EveryPageTests(Chromium chromium) : InABrowser(chromium)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("CONVOX_SCREENSHOTS");

    private ShopRecords _shop = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _shop = await Shop.Open(Rack, Clock.GetUtcNow(), Ending);
        foreach (var (key, value) in new[] { ("DATABASE_URL", "postgres://shop@db/shop"), ("GREETING", "Welcome"),
            ("SMTP_HOST", "mail.internal") })
            await new EnvironmentRelease(Rack, Clock).Create(new(A.App, new([new(key, value)], []), null, A.Person), Ending);
    }

    [Fact]
    public async Task Is_legible_whole_and_accessible()
    {
        var seen = new List<string>();
        foreach (var (name, path) in new[]
        {
            ("apps", "/"), ("releases", "/apps/hello/releases"), ("search",
                "/apps/hello/releases?kind=environment"), ("release", $"/apps/hello/releases/{_shop.Newer.Id}"),
            ("promote", $"/apps/hello/releases/{_shop.Newer.Id}/promote"), ("rollback",
                "/apps/hello/rollback"), ("compare", $"/apps/hello/compare?from=v4&to=v{_shop.Newer.Number}"),
            ("promotions", "/apps/hello/promotions"), ("failed", $"/apps/hello/promotions/{_shop.Failed.Id}"), ("builds",
                "/apps/hello/builds"), ("build", $"/apps/hello/builds/{_shop.Build.Id}"),
            ("environment", "/apps/hello/environment"), ("variable",
                "/apps/hello/environment?key=GREETING"), ("services",
                    "/apps/hello/services"), ("hooks", "/apps/hello/hooks"), ("remove-hook",
                        $"/apps/hello/hooks/{_shop.Hook.Id}/remove"), ("logs", "/apps/hello/logs"), ("events", "/apps/hello/events"),
            ("signed-out", "/apps/none/releases"),
        })
        {
            if (name == "signed-out") RequestsMayFail();
            await Open(path);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                foreach (var width in new[] { 1440, 820, 360 })
                {
                    await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                    await Page.SetViewportSizeAsync(width, 900);
                    if (Pictures is not null) await Page.ScreenshotAsync(new()
                    {
                        Path = Path.Combine(Pictures,
                        $"{name}-{width}{(scheme == ColorScheme.Dark ? "-dark" : "")}.png"),
                        FullPage = true
                    });
                    if (await Legible.TooWide(Page) is > 0 and var tooWide) seen.Add($"{name} at {width}: {tooWide} px too wide");
                    if (scheme == ColorScheme.Light)
                        seen.AddRange((await Legible.Outside(Page)).Select(o => $"{name} at {width}: outside: {o}"));
                    seen.AddRange((await Legible.Axe(Page)).Select(v => $"{name} in {scheme} at {width}: {v}"));
                }
        }

        Assert.True(seen.Count == 0, string.Join('\n', seen.Distinct()));
    }
}
