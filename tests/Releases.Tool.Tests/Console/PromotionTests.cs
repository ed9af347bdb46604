using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class PromotionTests : Browsing
{
    private Release _old = null!;
    private Release _new = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _old = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(_old, cancel: Ending);
        _new = await Rack.Store.Release(cancel: Ending);
        await Get("/apps/hello/releases");
    }

    [Fact]
    public async Task Promote_begins_it_in_the_name_of_the_person_and_leads_to_it()
    {
        var pressed = await Press($"/apps/hello/releases/{_new.Id}/promote");
        Assert.Equal((HttpStatusCode.SeeOther, $"/apps/hello/promotions/{Driver.Promotion}"), (pressed.Status, pressed.LeadsTo));
        Assert.Equal(new(Driver.Promotion!.Value, A.App, _new.Id, A.Person), Driver.Begun.Single());
        Assert.Contains("Rolls back automatically in 0s · started 15 minutes ago by somebody@box · run by a test",
            (await Get("/apps/hello/releases")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_one_is_refused_and_told_who_holds_the_lock()
    {
        await Press($"/apps/hello/releases/{_new.Id}/promote");
        var refused = await Press($"/apps/hello/releases/{_new.Id}/promote");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains($"CONVOX0012 a promotion of hello is running: {_new.Label}, started by {A.Person}", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Press($"/apps/hello/releases/{_old.Id}/rollback")).Status);
        Assert.Equal(2, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
        Assert.DoesNotMatch("href=\"[^\"]+/promote\"", (await Get("/apps/hello/releases")).Html);
        Assert.Matches("<button class=\"primary\" data-begins disabled=\"disabled\">Promote v2",
            (await Get($"/apps/hello/releases/{_new.Id}/promote")).Html);
    }

    [Fact]
    public async Task Roll_back_promotes_a_copy()
    {
        await Rack.Store.Promoted(_new, cancel: Ending);
        var confirmation = await Get((await Get("/apps/hello/rollback")).LeadsTo!);
        Assert.Contains("Roll back to v1? Release v1", confirmation.Text, StringComparison.Ordinal);
        Assert.Contains($"action=\"/apps/hello/releases/{_old.Id}/rollback\"", confirmation.Html, StringComparison.Ordinal);
        await Press($"/apps/hello/releases/{_old.Id}/rollback");
        var copy = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v3"), Ending);
        Assert.Equal((_old.Id, copy.Id, _new.Id), (copy.CopyOf, Driver.Begun.Single().Release, Driver.Begun.Single().ExpectActive));
    }

    [Fact]
    public async Task A_roll_back_that_is_refused_leaves_no_copy()
    {
        await Rack.Store.Promoted(_new, cancel: Ending);
        Driver.BeforeItBegins = () => throw new Problem(ProblemCode.ChangedMeanwhile, "another release is active now.").ToException();
        var refused = await Press($"/apps/hello/releases/{_old.Id}/rollback");
        Assert.Contains("another release is active now.", refused.Text, StringComparison.Ordinal);
        Assert.Null(await Rack.Store.FindRelease(A.App, ReleaseReference.Parse("v3"), Ending));
    }

    [Fact]
    public async Task What_a_person_confirms_is_done_only_while_what_they_saw_is_active()
    {
        foreach (var page in new[] { "/apps/hello/restart", $"/apps/hello/releases/{_old.Id}/promote" })
            Assert.Contains("Restart v1?", (await Get(page)).Text, StringComparison.Ordinal);
        Assert.Contains("Promote v2? Release v2", (await Get($"/apps/hello/releases/{_new.Id}/promote")).Text, StringComparison.Ordinal);
        await Press($"/apps/hello/releases/{_new.Id}/promote");
        Assert.Equal((_new.Id, _old.Id), (Driver.Begun.Single().Release, Driver.Begun.Single().ExpectActive));
    }

    [Fact]
    public async Task A_confirmation_shows_what_changes_when_it_was_live_and_can_hold_it_before_traffic()
    {
        await Rack.Store.Promoted(_new, cancel: Ending);
        var back = await Get($"/apps/hello/releases/{_old.Id}/rollback");
        Assert.Contains("Live 2026-01-02 03:04–03:04 UTC Replaces v2", back.Text, StringComparison.Ordinal);
        Assert.Contains("What changes", back.Text, StringComparison.Ordinal);
        Assert.Empty(Driver.Begun);
        var third = await Rack.Store.Release(cancel: Ending);
        await Get($"/apps/hello/releases/{third.Id}/promote");
        await Press($"/apps/hello/releases/{third.Id}/promote", ("hold", "1"));
        Assert.Equal(TimeSpan.FromHours(1), Driver.Begun.Single().HoldFor);
    }

    [Fact]
    public async Task A_refused_button_says_why_on_the_page_that_has_it_with_a_button_for_what_helps()
    {
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("somebody", A.Moment, "we count the stock") },
            A.Event(EventKind.AppLocked), Ending);
        await Get("/apps/hello/releases");
        var refused = await Press($"/apps/hello/releases/{_new.Id}/promote");
        Assert.StartsWith("/apps/hello/releases?error=", Here, StringComparison.Ordinal);
        Assert.Contains("Couldn’t promote CONVOX0041", refused.Text, StringComparison.Ordinal);
        Assert.Contains("<h1>Releases</h1>", refused.Html, StringComparison.Ordinal);
        await Press("/apps/hello/unlock");
        Assert.Null((await Rack.Store.RequireApp(A.App, Ending)).Hold);
        await Press("/apps/hello/lock", ("reason", "again"));
        Assert.Equal(("again", A.Person),
            ((await Rack.Store.RequireApp(A.App, Ending)).Hold!.Reason, (await Rack.Store.RequireApp(A.App, Ending)).Hold!.By));
        Assert.Contains("Couldn’t lock the app CONVOX0032 the reason is empty", (await Press("/apps/hello/lock", ("reason", " "))).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_that_cannot_finish_is_ended_by_a_button_of_its_own()
    {
        await Press($"/apps/hello/releases/{_new.Id}/promote");
        var page = $"/apps/hello/promotions/{Driver.Promotion}";
        Assert.DoesNotContain("If the rollback can’t finish", (await Get(page)).Text, StringComparison.Ordinal);
        Driver.Then(p => p with { Status = PromotionStatus.RollingBack, RollbackDeadline = A.Moment + TimeSpan.FromMinutes(15) });
        await Driver.Step();

        Assert.Contains("If the rollback can’t finish", (await Get(page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await Press("/apps/hello/cancel")).Status);
        Assert.Equal(A.Person, (await Rack.Store.FindLock(A.App, Ending))!.RollbackEndedBy);
        var asked = (await Get(page)).Text;
        Assert.DoesNotContain("If the rollback can’t finish", asked, StringComparison.Ordinal);
        Assert.Contains("somebody@box asked to end the rollback", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_asks_for_it_and_is_written_down()
    {
        Assert.Equal(HttpStatusCode.Conflict, (await Press("/apps/hello/cancel")).Status);
        await Press($"/apps/hello/releases/{_new.Id}/promote");
        Assert.Equal(HttpStatusCode.SeeOther, (await Press("/apps/hello/cancel")).Status);
        Assert.Contains(await Rack.Store.ListEvents(A.App, 3, Ending),
            e => e.Kind == EventKind.PromotionCancelRequested && e.By == A.Person);
        Assert.Contains("somebody@box asked to cancel it", (await Get("/apps/hello/releases")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("approve")]
    public async Task A_button_of_a_page_from_before_does_not_reach_the_promotion_that_is_running_now(string button)
    {
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, "somebody@elsewhere"), Ending);
        await Driver.Then(p => p with { Status = PromotionStatus.RollingOut, Hold = new() { Seconds = 3600, Since = A.Moment } }).Step();
        Assert.Contains(
            $"name=\"promotion\" value=\"{Driver.Promotion}\"", (await Get("/apps/hello/releases")).Html, StringComparison.Ordinal);
        await Driver.Ends(PromotionStatus.Cancelled).Step();
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, "somebody@elsewhere"), Ending);
        await Driver.Then(p => p with { Status = PromotionStatus.RollingOut, Hold = new() { Seconds = 3600, Since = A.Moment } }).Step();

        var refused = await Press($"/apps/hello/{button}");

        Assert.Contains($"has ended, so there is nothing to {button}.", refused.Text, StringComparison.Ordinal);
        Assert.True(await Rack.Store.FindLock(A.App, Ending) is { ApprovedBy: null, CancelRequestedBy: null });
    }

    [Fact]
    public async Task One_that_is_held_shows_its_plan_and_is_approved_by_a_button()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, "somebody@elsewhere"), Ending);
        Assert.Equal(HttpStatusCode.Conflict, (await Press("/apps/hello/approve")).Status);
        await Driver.Then(p => p with
        {
            Status = PromotionStatus.RollingOut,
            Hold = new() { Seconds = 3600, Since = Time.GetUtcNow() },
            Plan = new([new(0) { KeepsOld = true }, new(10) { HoldSeconds = 120, KeepsOld = true }, new(100)]),
            Traffic = new(0, 0, A.Moment),
            Steps = [new(0, 0, A.Moment)],
            VerifyCommands = [new() { Service = A.Web, StartedAt = A.Moment, EndedAt = A.Moment, ExitCode = 0 }],
        }).Step();

        var page = await Get("/apps/hello/releases");
        Assert.Contains("/apps/hello/approve", page.Html, StringComparison.Ordinal);
        Assert.Contains("unless somebody approves it", page.Text, StringComparison.Ordinal);
        Assert.Contains("Try it first:", page.Text, StringComparison.Ordinal);
        Assert.Contains("web: verify command done after 0s", page.Text, StringComparison.Ordinal);
        // Its own page has the whole plan; the others have the step that it is at once traffic moves.
        Assert.DoesNotContain("Judgment", page.Text, StringComparison.Ordinal);
        var own = await Get($"/apps/hello/promotions/{Driver.Promotion}");
        Assert.Contains("aria-label=\"Time of step 1\"", own.Html, StringComparison.Ordinal);
        Assert.Matches("Judgment 0 start .* 1 10 % of 2m 2 100 %", own.Text);
        Assert.Contains("class=\"active\" aria-current=\"step\"", own.Html, StringComparison.Ordinal);
        // The list of apps tells whoever should approve.
        Assert.Contains("waiting for approval", (await Get("/")).Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, (await Press("/apps/hello/approve")).Status);
        Assert.Equal(A.Person, (await Rack.Store.FindLock(A.App, Ending))!.ApprovedBy);
        Assert.DoesNotContain("/apps/hello/approve", (await Get("/apps/hello/releases")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_app_says_so_and_promotes_nothing()
    {
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("somebody", A.Moment, "we count the stock") },
            A.Event(EventKind.AppLocked), Ending);
        Assert.Contains("Locked by somebody 15 minutes ago : we count the stock", (await Get("/apps/hello/releases")).Text,
            StringComparison.Ordinal);
        var refused = await Press($"/apps/hello/releases/{_new.Id}/promote");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("CONVOX0041", refused.Text, StringComparison.Ordinal);
        Assert.Empty(Driver.Begun);
    }

    [Fact]
    public async Task One_that_is_begun_elsewhere_is_followed_to_its_end_on_a_page_that_is_open()
    {
        Driver.Web(ServiceStatus.Starting).Web(ServiceStatus.Starting, healthy: 1, old: 2).Web(ServiceStatus.Complete, healthy: 2)
            .Ends(PromotionStatus.Succeeded);
        using var stream = await Listen("/apps/hello/live");
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, "somebody@elsewhere"), Ending);

        var heard = await Hear(stream, "is active");
        Assert.Contains("event: live", heard, StringComparison.Ordinal);
        Assert.Contains($"id: {Driver.Promotion}/", heard, StringComparison.Ordinal);
        Assert.Contains("by somebody@elsewhere", heard, StringComparison.Ordinal);
        Assert.Contains("1/2", heard, StringComparison.Ordinal);
        Assert.Contains("event: changed", heard, StringComparison.Ordinal);
        Assert.Equal(0, Driver.Nudges);
    }

    [Fact]
    public async Task One_that_fails_says_which_service_why_and_shows_what_it_printed()
    {
        Driver.Web(ServiceStatus.Starting)
            .Web(ServiceStatus.RollingBack, reason: "it exited with code 1", lastLines: "<b>Unhandled</b> exception.")
            .Web(ServiceStatus.RolledBack, reason: "it exited with code 1", lastLines: "<b>Unhandled</b> exception.")
            .Ends(PromotionStatus.Failed, "web exited with code 1 before it became healthy.");
        using var stream = await Listen("/apps/hello/live");
        await Press($"/apps/hello/releases/{_new.Id}/promote");

        var heard = await Hear(stream, "is still live");
        Assert.Contains("rolled back", heard, StringComparison.Ordinal);
        Assert.Contains("web exited with code 1 before it became healthy.", heard, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Unhandled&lt;/b&gt; exception.", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_over_before_it_is_looked_at_is_told_all_the_same()
    {
        using var stream = await Listen("/apps/hello/live");
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, A.Person), Ending);
        Driver.Ends(PromotionStatus.Failed, "missing required environment variables A, B");
        await Driver.Step();
        Assert.Contains("event: live", await Hear(stream, "missing required environment variables A, B."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_comes_back_learns_the_end_of_what_it_had_seen_begin()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, A.Person), Ending);
        Driver.Ends(PromotionStatus.Succeeded);
        await Driver.Step();
        using var again = await Listen("/apps/hello/live", lastEvent: $"{Driver.Promotion}/");
        Assert.Contains("is active", await Hear(again, "is active"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_its_buttons_began_is_driven_to_its_end_though_no_page_is_open()
    {
        Driver.WaitsToBeDriven = true;
        Driver.Web(ServiceStatus.Starting).Web(ServiceStatus.Complete, healthy: 2).Ends(PromotionStatus.Succeeded);
        await Press($"/apps/hello/releases/{_new.Id}/promote");
        // Nobody else waits for the clock: it passes for whoever sees to the promotion, and for nobody if no one does.
        await Time.PassesUntil(Driver.Ended);
        Assert.Equal(3, Driver.Nudges);
        Assert.Equal(_new.Id, (await Rack.Store.RequireApp(A.App, Ending)).Active);
    }

    [Fact]
    public async Task What_is_only_looked_at_is_not_driven_however_long()
    {
        for (var looks = 0; looks < 100; looks++) Driver.Then(p => p);
        Driver.Ends(PromotionStatus.Succeeded);
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, "somebody@elsewhere"), Ending);
        using var stream = await Listen("/apps/hello/live");
        var begun = Time.GetUtcNow();
        await Hear(stream, "is active");
        Assert.True(Time.GetUtcNow() - begun > TimeSpan.FromSeconds(30), "It was not looked at for long.");
        Assert.Equal(0, Driver.Nudges);
    }

    [Fact]
    public async Task One_that_nobody_drives_is_said_to_be_so_and_is_taken_over_by_a_button_only()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, A.Person), Ending);
        Time.Advance(TimeSpan.FromHours(3));
        Assert.Contains("checking (driver gone 3h)", (await Get("/apps/hello/releases")).Text, StringComparison.Ordinal);
        Assert.Equal(0, Driver.Nudges);
        Assert.Equal(HttpStatusCode.SeeOther, (await Press("/apps/hello/take-over")).Status);
        Assert.Equal(1, Driver.Nudges);
        // Its lock is watched for a beat, which doesn't come.
        var pressing = Press($"/apps/hello/releases/{_new.Id}/promote");
        await Time.PassesUntil(pressing);
        var refused = await pressing;
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains(
            "lost its driver 3 hours ago. It is being finished now, and no other can begin before that. Try again when it has ended.",
            refused.Text, StringComparison.Ordinal);
    }
}
