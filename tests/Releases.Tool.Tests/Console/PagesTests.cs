using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class PagesTests : Browsing
{
    [Fact]
    public async Task The_first_page_has_the_apps_and_what_runs()
    {
        Assert.Contains(
            "Apps rack ready No agent is running, so commands drive their promotions. App Status Active release Last promotion Newer releases hello empty no active release", (await Get("/")).Text, StringComparison.Ordinal);
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", null, 2, 2, 1, release.Id, null));
        await Rack.Store.Release(cancel: Ending);
        Assert.Contains($"hello Open degraded v1 succeeded 15 minutes ago by {A.Person} 1", (await Get("/")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_page_has_the_agents_of_the_rack()
    {
        Rack.Agents = [new() { Id = "a1", Owner = "agent 1 on ip-10-0-1-7", Version = "0.2.0", StartedAt = A.Moment,
            SeenAt = Time.GetUtcNow() - TimeSpan.FromSeconds(4) }];
        Assert.Contains("Running agents: agent 1 on ip-10-0-1-7, version 0.2.0, seen 4 seconds ago.", (await Get("/")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Releases_have_status_number_build_commit_description_who_when_and_the_button_that_fits()
    {
        var old = await Rack.Store.Release(description: "the first one", cancel: Ending);
        var active = await Rack.Store.Release(description: "the second one",
            with: r => r with { Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584" }, cancel: Ending);
        await Rack.Store.Promoted(active, cancel: Ending);
        var incomplete = await Rack.Store.Release(with: r => A.Release(3, complete: false) with { BasedOn = r.BasedOn }, cancel: Ending);
        var latest = await Rack.Store.Release(cancel: Ending);

        var page = await Get("/apps/hello/releases");
        Assert.Contains($"v2 the second one build {active.Id} active {active.Build} 7329df90c1 15 minutes ago {A.Person} Restart",
            page.Text, StringComparison.Ordinal);
        // It is older than the active one and was never live, so there is nothing to roll back to.
        Assert.Contains($"v1 the first one build {old.Id} {old.Build} 15 minutes ago {A.Person} Promote", page.Text,
            StringComparison.Ordinal);
        Assert.Contains($"v3 no description build {incomplete.Id} no artifact yet for: web", page.Text, StringComparison.Ordinal);
        Assert.Contains($"v4 no description build {latest.Id} {latest.Build} 15 minutes ago {A.Person} Promote", page.Text,
            StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(page.Html, "class=\"button primary\""));
    }

    [Fact]
    public async Task A_list_says_what_was_live_and_why_something_was_not_promoted_and_offers_to_roll_back_only_to_what_was_live()
    {
        var first = await Rack.Store.Release(description: "first", cancel: Ending);
        await Rack.Store.Promoted(first, cancel: Ending);
        var failing = await Rack.Store.Release(description: "env add:FOO", cancel: Ending);
        var failed = await Rack.Store.Promoted(failing, PromotionStatus.Failed, cancel: Ending);
        var third = await Rack.Store.Release(description: "third", cancel: Ending);
        var cancelled = await Rack.Store.Promoted(third, PromotionStatus.Cancelled, cancel: Ending);
        await Rack.Store.Promoted(await Rack.Store.Release(description: "rollback to x", with: r => r with { CopyOf = first.Id },
            cancel: Ending), cancel: Ending);

        var page = await Get("/apps/hello/releases");
        Assert.Contains($"v1 first build {first.Id} was live Jan 2 B", page.Text, StringComparison.Ordinal);
        Assert.Contains($"v2 env add:FOO environment {failing.Id} failed", page.Text, StringComparison.Ordinal);
        Assert.Contains($"v3 third build {third.Id} cancelled", page.Text, StringComparison.Ordinal);
        Assert.Matches("v4</span> rollback to x</a>", page.Html);
        foreach (var promotion in new[] { failed, cancelled })
            Assert.Contains($"href=\"/apps/hello/promotions/{promotion.Id}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Roll back v1\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-label=\"Roll back v2\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-label=\"Roll back v3\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Releases_are_found_by_what_they_say_are_made_of_and_by_whom_and_the_active_one_at_once()
    {
        for (var i = 1; i <= 60; i++) await Rack.Store.Release(description: $"change number {i}",
            with: i == 7 ? r => r with { Commit = "abcdef0123", CreatedBy = "ada" } : null, cancel: Ending);
        var seventh = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v7"), Ending);
        await Rack.Store.Promoted(seventh, cancel: Ending);
        foreach (var query in new[] { "q=NUMBER+7", "q=abcdef", "q=ada", "q=v7", $"q={seventh.Id}" })
        {
            var found = (await Get($"/apps/hello/releases?{query}")).Html;
            Assert.Contains(">v7<", found, StringComparison.Ordinal);
            Assert.DoesNotContain(">v8<", found, StringComparison.Ordinal);
        }

        Assert.Contains("Nothing found.", (await Get("/apps/hello/releases?q=nowhere")).Text, StringComparison.Ordinal);
        Assert.Contains("Nothing found.", (await Get("/apps/hello/releases?kind=rollback")).Text, StringComparison.Ordinal);
        var around = await Get("/apps/hello/releases?at=active");
        Assert.Contains($"id=\"{seventh.Id}\"", around.Html, StringComparison.Ordinal);
        Assert.Contains(">v1<", around.Html, StringComparison.Ordinal);
        Assert.Contains(">Newest<", around.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_come_in_pages_of_25_through_any_number()
    {
        for (var i = 1; i <= 60; i++) await Rack.Store.Release(cancel: Ending);
        var first = await Get("/apps/hello/releases");
        Assert.Contains(">v60<", first.Html, StringComparison.Ordinal);
        Assert.Contains(">v36<", first.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(">v35<", first.Html, StringComparison.Ordinal);
        Assert.InRange(first.Html.Length, 1, 100 * 1024);
        Assert.Contains("href=\"/apps/hello/releases?below=36\"", first.Html, StringComparison.Ordinal);

        var last = await Get("/apps/hello/releases?below=11");
        Assert.Contains(">v10<", last.Html, StringComparison.Ordinal);
        Assert.Contains(">v1<", last.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(">Older<", last.Html, StringComparison.Ordinal);
        Assert.Contains(">Newest<", last.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_in_full_says_what_promoting_it_would_change_and_shows_no_value()
    {
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        var made = (await new EnvironmentRelease(Rack, Time)
            .Create(new(A.App, new([new("TOKEN", "a-secret-value")], []), null, A.Person), Ending))!.Release;
        var page = await Get($"/apps/hello/releases/{made.Id}");
        Assert.Contains("env add:TOKEN", page.Text, StringComparison.Ordinal);
        Assert.Contains("Variables TOKEN", page.Text, StringComparison.Ordinal);
        Assert.Contains("web same", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-value", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get("/apps/hello/releases/v2")).Status);
    }

    [Fact]
    public async Task Promotions_have_outcome_reason_and_duration()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Driver.Web(ServiceStatus.RolledBack, reason: "it exited with code 1", lastLines: "Unhandled <exception>.")
            .Ends(PromotionStatus.Failed, "web exited with code 1 before it became healthy.");
        await Driver.Begin(new(PromotionId.New(), A.App, release.Id, A.Person), Ending);
        await Driver.Step();
        await Driver.Step();

        var failed = Driver.Promotion!.Value;
        Assert.Contains($"v1 {failed} failed 15 minutes ago {A.Person} 0s web exited with code 1 before it became healthy.",
            (await Get("/apps/hello/promotions")).Text, StringComparison.Ordinal);
        var detail = (await Get($"/apps/hello/promotions/{failed}")).Text;
        Assert.Contains("web exited with code 1 before it became healthy. v1 is still live.", detail,
            StringComparison.Ordinal);
        Assert.Contains("The last lines of web Unhandled <exception>. Log of web", detail, StringComparison.Ordinal);
        Assert.Contains(" Restored New remaining ", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_have_state_and_restarts_and_their_last_lines()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", "http://127.0.0.1:20000", 1, 1, 1, release.Id,
            "port 20000 is in use"));
        Rack.NowRunning.ProcessList.Add(new("web-4f21", A.Web, release.Id, ProcessStatus.Unhealthy, A.Moment, 7, 4711, 25 * 1024 * 1024));
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-4f21", release.Id, "listening"));
        var text = (await Get("/apps/hello/services")).Text;
        Assert.Contains("web degraded port 20000 is in use 1/1 v1 Open web http://web.hello.localhost:8480", text,
            StringComparison.Ordinal);
        Assert.Contains("web-4f21 unhealthy v1 15 minutes ago 7 25 MB Log", text, StringComparison.Ordinal);
        Assert.Contains("03:04:05.000 web-4f21 listening", (await Get("/apps/hello/logs")).Text, StringComparison.Ordinal);
        var old = await Get("/apps/hello/processes");
        Assert.Equal((HttpStatusCode.SeeOther, "/apps/hello/services"), (old.Status, old.LeadsTo));
    }

    [Theory]
    [InlineData("/apps/nosuch/releases", HttpStatusCode.NotFound, "CONVOX0003 there is no app 'nosuch' on this rack.")]
    [InlineData("/apps/Hello!/releases", HttpStatusCode.BadRequest, "CONVOX0001 'Hello!' isn't a valid app name.")]
    [InlineData("/apps/hello/releases/v9", HttpStatusCode.NotFound, "CONVOX0004 hello has no release v9.")]
    [InlineData("/apps/hello/releases/what", HttpStatusCode.BadRequest, "CONVOX0001 'what' isn't a release")]
    [InlineData("/apps/hello/promotions/PAAAAAAAAAA", HttpStatusCode.NotFound, "CONVOX0023 hello has no promotion PAAAAAAAAAA.")]
    [InlineData("/apps/hello/logs?service=nosuch", HttpStatusCode.NotFound, "CONVOX0023 hello has no service 'nosuch'.")]
    [InlineData("/nowhere", HttpStatusCode.NotFound, "CONVOX0043 the console has no such page.")]
    public async Task What_is_not_there_is_a_page_with_the_sentence_and_the_status(string path, HttpStatusCode status, string sentence)
    {
        var page = await Get(path);
        Assert.Equal(status, page.Status);
        Assert.Contains(sentence, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_are_in_the_program()
    {
        Assert.Equal("text/css; charset=utf-8", (await Get("/assets/console.css")).Headers["Content-Type"]);
        Assert.Equal("text/javascript; charset=utf-8", (await Get("/assets/console.js")).Headers["Content-Type"]);
        Assert.Equal("image/svg+xml", (await Get("/assets/icon.svg")).Headers["Content-Type"]);
    }
}
