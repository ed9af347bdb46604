using System.Text.RegularExpressions;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.Tool.Tests;

/// <summary>What a screen reader reads of a page: the tree that a browser gives to it, as a text that is read like the rest.</summary>
public sealed partial class ScreenReaderTests(Chromium chromium) : InABrowser(chromium)
{
    private const string Folder = "read-aloud";

    private Release _next = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        var first = await Rack.Store.Release(description: "build 7329df90c1 Gift cards at the checkout", cancel: Ending);
        await Rack.Store.Promoted(first, cancel: Ending);
        var second = await Rack.Store.Release(description: "build 91aa20e6f0 Prices with tax", cancel: Ending);
        await Rack.Store.Promoted(second, cancel: Ending);
        var failing = await Rack.Store.Release(description: "env add:CURRENCY", cancel: Ending);
        await Driver.Begin(new(PromotionId.New(), A.App, failing.Id, A.Person), Ending);
        Driver.Web(ServiceStatus.RolledBack, healthy: 2, reason: "it exited with code 134")
            .Ends(PromotionStatus.Failed, "web exited with code 134 before it became healthy (3 times)");
        await Driver.Step();
        await Driver.Step();
        _next = await Rack.Store.Release(description: "build 0be4c77d2a Search by color and size", cancel: Ending);
    }

    [Fact]
    public async Task The_releases_are_a_table_whose_rows_are_named_and_whose_links_say_which_release_they_are_for()
    {
        await Open("/apps/hello/releases");
        await Holds("releases", "body");
    }

    [Fact]
    public async Task A_rollout_is_announced_when_it_begins_and_ends_and_has_a_name_for_everything()
    {
        await Open("/apps/hello/builds");
        await Driver.Begin(new(PromotionId.New(), A.App, _next.Id, A.Person), Ending);
        Driver.Web(ServiceStatus.Starting, healthy: 1, old: 2, reason: "it answered 503");
        await Driver.Step();
        await Expect(Page.Locator("#live")).ToContainTextAsync("503");
        await Expect(Page.Locator("#said")).ToContainTextAsync("rolling out");
        await Holds("rollout", "main");

        Driver.Web(ServiceStatus.Complete, healthy: 2).Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        await Driver.Step();
        await Expect(Page.Locator("#said")).ToContainTextAsync("is active");
        await Holds("rollout-done", "main");
    }

    [Fact]
    public async Task A_promotion_that_failed_says_why_first()
    {
        await Open($"/apps/hello/promotions/{Driver.Promotion}");
        // What its card has is not repeated below it.
        await Expect(Page.Locator("main .chip:visible").Filter(new() { HasText = "failed" })).ToHaveCountAsync(1);
        await Expect(Page.Locator("main a[href*='/releases/']:visible").Filter(new() { HasText = "v3" })).ToHaveCountAsync(1);
        await Expect(Page.Locator($"main a[href$='/promotions/{Driver.Promotion}']:visible")).ToHaveCountAsync(0);
        await Expect(Page.Locator("main progress:visible:not(.back)")).ToHaveCountAsync(0);
        await Holds("failed", "main");
    }

    private async Task Holds(string name, string part)
    {
        var tree = await Page.Locator(part).AriaSnapshotAsync();
        // Addresses are followed rather than read, and ids and times differ each time.
        var lines = tree.Split('\n').Where(line => !line.Contains("- /url:", StringComparison.Ordinal));
        var ids = new List<string>();
        var text = Id().Replace(string.Join('\n', lines), id => $"{id.Value[0]}{Number(ids, id.Value)}");
        GoldenFile.Holds(Folder, name, Moving().Replace(text, "…") + "\n");
    }

    private static int Number(List<string> ids, string id)
    {
        if (!ids.Contains(id)) ids.Add(id);
        return ids.IndexOf(id) + 1;
    }

    [GeneratedRegex(@"\b[RBPH][A-Z]{10}\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"\bnow\b|\d+ (second|minute)s? ago|\b\d+m( \d+s)?\b|\b\d+s\b|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")]
    private static partial Regex Moving();
}
