using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What somebody who comes with a question reads: what shipped and when, what a release would bring, what is wrong.</summary>
public sealed partial class ReadableTests : Browsing
{
    private ShopRecords _shop = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _shop = await Shop.Open(Rack, Clock.GetUtcNow(), Ending);
    }

    [Fact]
    public async Task A_build_is_called_what_its_commit_says_and_the_commit_stands_beside_it()
    {
        var list = await Get("/apps/hello/releases");
        Assert.Contains("v32 Prices with tax (32) build R", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("build 0be4c77d2a", list.Text, StringComparison.Ordinal);
        Assert.Contains(">0be4c77d2a</code>", list.Html, StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/apps/hello/promotions", $"/apps/hello/releases/{_shop.Newer.Id}/promote",
            $"/apps/hello/releases/{_shop.Newer.Id}", "/apps/hello/builds", "/apps/hello/releases/v24/rollback"])
            Assert.DoesNotMatch("build [0-9a-f]{10} ", (await Get(path)).Text);
    }

    [Fact]
    public async Task A_build_with_changes_that_no_commit_has_keeps_its_commit()
    {
        await Rack.Store.Release(description: "build 7329df90c1 with uncommitted changes", cancel: Ending);
        var list = (await Get("/apps/hello/releases")).Text;
        Assert.Contains("v35 build 7329df90c1 with uncommitted changes", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_older_than_a_day_has_its_date_and_what_was_live_the_days_of_it()
    {
        var list = (await Get("/apps/hello/releases")).Text;
        Assert.Matches(@"hours ago grace@laptop", list);
        Assert.Matches(@"2 days ago Dec 3\d, 2025 \d\d:\d\d UTC", list);
        Assert.Matches(@"was live Dec 31, 2025 – Jan 1", list);
        Assert.Matches(@"days ago Dec \d+, 2025 \d\d:\d\d UTC grace@laptop", (await Get("/apps/hello/promotions")).Text);
    }

    [Fact]
    public async Task A_release_that_was_live_and_was_cancelled_later_says_when_it_was_live()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        await Rack.Store.Promoted(release, PromotionStatus.Cancelled, Ending);
        Assert.Matches("v35 .* cancelled live Jan 2 ", (await Get("/apps/hello/releases")).Text);
    }

    [Fact]
    public async Task Promotions_are_listed_by_how_they_ended()
    {
        var shipped = await Get("/apps/hello/promotions?outcome=succeeded");
        Assert.Contains("v32 ", shipped.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(">failed<", shipped.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(">cancelled<", shipped.Html, StringComparison.Ordinal);
        var failed = await Get("/apps/hello/promotions?outcome=failed");
        Assert.Contains(">failed<", failed.Html, StringComparison.Ordinal);
        Assert.Contains(">cancelled<", failed.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(">succeeded<", failed.Html, StringComparison.Ordinal);
        Assert.Contains("aria-current=\"true\">Failed and cancelled<", failed.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_has_the_status_that_the_list_has_and_leads_to_why()
    {
        var page = (await Get($"/apps/hello/releases/{_shop.Cancelled.Release}")).Html;
        Assert.Matches($"/promotions/{_shop.Cancelled.Id}\"[^>]*><span class=\"chip faint\">cancelled<", page);
        Assert.Contains(">was live<", (await Get("/apps/hello/releases/v28")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_change_leads_to_both_builds_and_to_the_commits_between_them()
    {
        var page = (await Get($"/apps/hello/releases/{_shop.Newer.Id}/promote")).Html;
        Assert.Equal(2, BuildLink().Count(page));
        Assert.Contains("chip busy change\">changed<", page, StringComparison.Ordinal);
        Assert.Contains(
            "https://github.com/acme/shop/compare/0be4c77d2a1908f7e6d5c4b3a29180f7e6d5c4b3...7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584",
            page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_drifted_says_what_runs_what_should_and_how_to_bring_it_back()
    {
        var page = await Get("/apps/hello/services");
        Assert.Contains("runs v28, not v32, which is active", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/apps/hello/restart\">Restart v32<", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_events_say_what_each_release_is() => Assert.Matches(
        "release created v34 Prices with tax \\(34\\)", (await Get("/apps/hello/events")).Text);

    [Fact]
    public async Task An_app_without_releases_offers_nothing_that_needs_one()
    {
        await Rack.Store.App(AppName.Parse("empty"), Ending);
        var page = await Get("/apps/empty/releases");
        Assert.Contains("dotnet convox deploy --app empty --rack local", page.Text, StringComparison.Ordinal);
        foreach (var absent in (string[])["Roll back", "Compare", "role=\"search\""])
            Assert.DoesNotContain(absent, page.Html, StringComparison.Ordinal);
        Assert.Contains("role=\"search\"", (await Get("/apps/hello/releases?q=nowhere")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_without_promotions_leads_to_the_first_one()
    {
        var empty = AppName.Parse("empty");
        await Rack.Store.App(empty, Ending);
        var page = await Get("/apps/empty/promotions");
        Assert.Contains("dotnet convox deploy --app empty", page.Text, StringComparison.Ordinal);
        var first = await Rack.Store.Release(empty, cancel: Ending);
        page = await Get("/apps/empty/promotions");
        Assert.Contains($"href=\"/apps/empty/releases/{first.Id}/promote\">Promote v1</a>", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("releases", "deploy")]
    [InlineData("builds", "build")]
    [InlineData("promotions", "deploy")]
    [InlineData("environment", "env set NAME=value")]
    public async Task A_command_that_an_empty_page_teaches_is_for_this_app_on_this_rack(string page, string command)
    {
        await Rack.Store.App(AppName.Parse("empty"), Ending);
        Assert.Contains($"dotnet convox {command} --app empty --rack local ", (await Get($"/apps/empty/{page}")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_failed_says_why_in_the_list_and_its_log_shows_where()
    {
        var failed = A.Build(BuildStatus.Failed) with { StartedAt = Clock.GetUtcNow(), Reason = "Hello.csproj: Cart.cs(17,4): error CS1002" };
        await Rack.Store.SaveBuild(failed, Ending);
        await Rack.Store.AppendBuildLog(A.App, failed.Id, 0, "  Restored\nCart.cs(9,1): warning CS0168: unused\n"
            + "Cart.cs(17,4): error CS1002: ; expected\nCSC : error CS5001: no Main\nerrors: none CS1 here\n", Ending);
        Assert.Contains("Hello.csproj: Cart.cs(17,4): error CS1002",
            (await Get("/apps/hello/builds")).Text, StringComparison.Ordinal);
        var page = (await Get($"/apps/hello/builds/{failed.Id}")).Html;
        Assert.Contains("<a href=\"#first-error\">First error</a>", page, StringComparison.Ordinal);
        Assert.Equal(
            [("warning", "", "Cart.cs(9,1)"), ("error", "first-error", "Cart.cs(17,4)"), ("error", "", "CSC ")],
            MarkedLine().Matches(page).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value)));
        Assert.DoesNotContain("First error", (await Get($"/apps/hello/builds/{_shop.Build.Id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_changed_a_variable_is_a_click_away_from_it()
    {
        foreach (var key in (string[])["GREETING", "ZONE"])
            await new EnvironmentRelease(Rack, Clock).Create(new(A.App, new([new(key, "hello")], []), null, "ada@desk"), Ending);
        Assert.Contains("href=\"releases?q=GREETING&amp;kind=environment\"", (await Get("/apps/hello/environment")).Html,
            StringComparison.Ordinal);
        var found = (await Get("/apps/hello/releases?q=GREETING&kind=environment")).Text;
        Assert.Matches("v35 env add:GREETING .* ada@desk", found);
        Assert.DoesNotContain("env add:ZONE", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_whose_promotion_failed_says_why() => Assert.Contains(
        "by grace@laptop : web exited with code 134 before it became healthy (3 times)",
        (await Get($"/apps/hello/releases/{_shop.Failed.Release}")).Text, StringComparison.Ordinal);

    [GeneratedRegex("<div class=\"(error|warning)\"(?: id=\"([^\"]+)\")?>(Cart.cs\\(\\d+,\\d\\)|CSC )")]
    private static partial Regex MarkedLine();

    [GeneratedRegex("href=\"/apps/hello/builds/B[A-Z]{10}\"")]
    private static partial Regex BuildLink();
}
