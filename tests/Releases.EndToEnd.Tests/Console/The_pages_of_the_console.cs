using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Console;

public sealed class The_pages_of_the_console(Chromium chromium) : ConsoleTest(chromium)
{
    private const int Phone = 360;
    private const int Desk = 1200;
    private const int MostBytes = 100_000;

    [Fact]
    public async Task Fit_a_phone_and_can_be_read_in_light_and_dark_and_weigh_little_while_something_is_rolled_out()
    {
        await Rack.Set("CRASH_AT_START=1", "A_VARIABLE_WITH_A_VERY_LONG_NAME_OF_THE_KIND_THAT_FRAMEWORKS_LIKE__SECTION__KEY=1");
        Assert.Equal(3, (await Rack.Run("promote")).ExitCode);
        var failed = (await Rack.LastPromotion()).Id;
        var slow = await Rack.Set("CRASH_AT_START=", NotHealthyYet("slow"));
        await Rack.Do("promote", "--detach");
        await Rack.Until(async () => (await Rack.LastPromotion()).Status == PromotionStatus.RollingOut, "rolling out");
        await Open("/apps/hello/environment?from=latest");
        await Page.GetByLabel("Lines of").FillAsync("GREETING=pending\nANOTHER=one");
        await Page.Locator("form:has(#lines)").GetByRole(AriaRole.Button).ClickAsync();

        // The browser logs the 404 of a page that does not exist.
        RequestsMayFail();
        var seen = new List<string>();
        foreach (var path in (string[])[
            "/", "/apps/hello/releases", $"/apps/hello/releases/{First}", $"/apps/hello/releases/{slow}", "/apps/hello/environment",
            "/apps/hello/promotions",
            $"/apps/hello/promotions/{failed}", $"/apps/hello/releases/{slow}/promote", "/apps/hello/logs", "/apps/hello/builds",
            "/apps/hello/events", "/apps/hello/services", "/apps/none/releases"])
        {
            await Open(path);
            if (path.StartsWith("/apps/hello", StringComparison.Ordinal)) await Expect(Live).ToContainTextAsync("answered 503");
            var (files, bytes) = await Legible.Weight(Page);
            Assert.Equal(4, files);
            Assert.InRange(bytes, 1, MostBytes);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                foreach (var width in (int[])[Desk, Phone])
                {
                    await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    await Page.SetViewportSizeAsync(width, 800);
                    if (await Legible.TooWide(Page) is > 0 and var tooWide) seen.Add($"{path} at {width}: {tooWide} px too wide");
                    var (texts, faint) = await Legible.Contrast(Page);
                    Assert.True(texts > 5, $"{path} has {texts} texts");
                    seen.AddRange(faint.Select(text => $"{path} in {scheme} at {width}: {text}"));
                }
        }

        Assert.True(seen.Count == 0, string.Join('\n', seen));
    }
}
