using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What belongs together is a link away: builds, releases, promotions, commits, events, and any two releases.</summary>
public sealed class LinkedPagesTests : Browsing
{
    private const string Hash = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584";
    private const string CommitPage = $"https://github.com/acme/shop/commit/{Hash}";

    [Fact]
    public async Task Build_release_promotion_and_commit_lead_to_each_other_and_a_build_shows_its_log()
    {
        await Rack.Store.ChangeApp(A.App,
            a => a with { Sources = [new() { Folder = "/src/shop", Remote = "github.com/acme/shop", Path = "." }] }, A.Event(), Ending);
        var release = await Rack.Store.Release(with: r => r with { Commit = Hash }, cancel: Ending);
        var build = A.Build() with { Id = release.Build!.Value, Release = release.Id, EndedAt = A.Moment + TimeSpan.FromSeconds(61) };
        await Rack.Store.SaveBuild(build, Ending);
        await Rack.Store.AppendBuildLog(A.App, build.Id, 0, "\e[33mwarning CS0618\e[0m: <X> is obsolete\n", Ending);
        var promotion = await Rack.Store.Promoted(release, cancel: Ending);
        var (ofRelease, ofBuild) = (Page($"releases/{release.Id}"), Page($"builds/{build.Id}"));
        var ofPromotion = Page($"promotions/{promotion.Id}");

        await Links("/apps/hello/releases", ofRelease, ofBuild, CommitPage);
        await Links(ofRelease, ofPromotion, ofBuild, CommitPage);
        await Links("/apps/hello/builds", ofBuild, ofRelease, CommitPage);
        await Links("/apps/hello/promotions", ofPromotion);
        await Links("/apps/hello/events", ofPromotion, ofRelease);
        await Links(ofPromotion, ofRelease);
        await Links(ofBuild, ofRelease, CommitPage);
        var log = await Get(ofBuild);
        Assert.Contains("warning CS0618 : <X> is obsolete", log.Text, StringComparison.Ordinal);
        Assert.Contains("<span class=\"c3\">warning CS0618</span>", log.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_releases_are_compared_either_way_and_what_is_none_is_said()
    {
        await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Release(with: r => r with
        {
            Services = r.Services.ToDictionary(s => s.Key,
            s => s.Value with { Artifact = A.Artifact("another"), Commit = Hash })
        }, cancel: Ending);
        var page = await Get("/apps/hello/compare?from=v1&to=v2");
        Assert.Contains("From v1 to v2", page.Text, StringComparison.Ordinal);
        Assert.Contains("web changed", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/apps/hello/compare?from=v2&amp;to=v1\"", page.Html.Replace("&to", "&amp;to", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Contains("CONVOX0004", (await Get("/apps/hello/compare?from=v1&to=v9")).Text, StringComparison.Ordinal);
        Assert.Contains("Choose two releases", (await Get("/apps/hello/compare")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_found_by_person_and_kind()
    {
        await Rack.Store.ChangeApp(A.App, a => a, A.Event(EventKind.AppLocked, by: "ada@desk"), Ending);
        await Rack.Store.ChangeApp(A.App, a => a, A.Event(EventKind.AppUnlocked, by: "ada@desk"), Ending);
        await Rack.Store.ChangeApp(A.App, a => a, A.Event(EventKind.AppLocked, by: "grace@laptop"), Ending);
        Assert.Equal(["app locked", "app unlocked"], await Found("by=ada@desk"));
        Assert.Equal(["app locked", "app locked"], await Found("kind=appLocked"));
        Assert.Equal(["app unlocked"], await Found("by=ada@desk&kind=appUnlocked"));
        Assert.Equal([], await Found("by=grace@laptop&kind=appUnlocked"));
    }

    [Fact]
    public async Task A_service_is_scaled_and_set_back_to_what_its_file_states()
    {
        await RunnableRelease.Activate(Rack, Ending);
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", null, 1, 1, 1, null, null));
        Assert.Contains("value=\"1\"", (await Get("/apps/hello/services")).Html, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, "/apps/hello/services"), await Scale(("count", "3")));
        Assert.Equal(3, (await Rack.Store.RequireApp(A.App, Ending)).Scale[A.Web]);
        Assert.Contains("Reset to 1", (await Get("/apps/hello/services")).Text, StringComparison.Ordinal);
        await Scale(("count", "3"), ("do", "reset"));
        Assert.Empty((await Rack.Store.RequireApp(A.App, Ending)).Scale);
    }

    private static string Page(string path) => $"/apps/hello/{path}";

    private async Task Links(string page, params string[] goals)
    {
        var html = (await Get(page)).Html;
        foreach (var goal in goals) Assert.Contains($"href=\"{goal}\"", html, StringComparison.Ordinal);
    }

    /// <summary>What happened by the events that a search of them finds, in the order of the alphabet.</summary>
    private async Task<IEnumerable<string>> Found(string query) =>
        System.Text.RegularExpressions.Regex.Matches((await Get($"/apps/hello/events?{query}")).Html, "<th scope=\"row\">([^<]+)</th>")
            .Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal);

    private async Task<(HttpStatusCode, string?)> Scale(params (string, string)[] fields)
    {
        var pressed = await Press("/apps/hello/services/web/scale", fields);
        return (pressed.Status, pressed.LeadsTo);
    }
}
