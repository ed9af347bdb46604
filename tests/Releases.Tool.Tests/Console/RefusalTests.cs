using System.Net;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Whatever an operation refuses is shown on the page whose button was pressed, with a link for what the
/// sentence offers.</summary>
public sealed class RefusalTests : Browsing
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

    /// <summary>The button of the note that says whose lock it is.</summary>
    private static string Unlocks => $"name=\"lockedAt\" value=\"{A.Moment.UtcTicks}\"";

    [Fact]
    public async Task A_locked_app_is_unlocked_where_it_refused()
    {
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("another@box", A.Moment, "migration") },
            A.Event(EventKind.AppLocked), Ending);
        foreach (var button in (string[])[$"releases/{_new.Id}/promote", $"releases/{_old.Id}/rollback"])
        {
            Assert.Contains("href=\"/apps/hello/releases\"", await Refused("CONVOX0041", button, $"releases/{_new.Id}/promote"),
                StringComparison.Ordinal);
            Assert.Contains(Unlocks, (await Get(Here)).Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Unlock_removes_only_the_lock_that_the_page_showed()
    {
        await Holds("first", A.Moment);
        await Get("/apps/hello/releases");
        await Holds("second", A.Moment.AddMinutes(1));
        var refused = await Press("/apps/hello/unlock");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        const string theirs = "hello has another lock now, by another@box 14 minutes ago: \"second\".";
        Assert.Contains(theirs, refused.Text, StringComparison.Ordinal);
        Assert.Equal("second", (await Rack.Store.RequireApp(A.App, Ending)).Hold!.Reason);
        await Press("/apps/hello/unlock");
        Assert.Null((await Rack.Store.RequireApp(A.App, Ending)).Hold);

        Task Holds(string why, DateTimeOffset at) => Rack.Store.ChangeApp(
            A.App, a => a with { Hold = new("another@box", at, why) }, A.Event(EventKind.AppLocked), Ending);
    }

    [Fact]
    public async Task A_running_promotion_is_a_link_away()
    {
        await Driver.Begin(new(PromotionId.New(), A.App, _new.Id, A.Person), Ending);
        foreach (var button in (string[])[$"releases/{_new.Id}/promote", $"releases/{_old.Id}/promote"])
            Assert.Matches("href=\"/apps/hello/promotions[^\"]*\"", await Refused("CONVOX0012", button, $"releases/{_new.Id}/promote"));
    }

    [Fact]
    public async Task A_limit_of_how_far_back_one_can_go_offers_the_oldest_release_that_works_and_to_go_further()
    {
        var breaking = await Rack.Store.Release(with: r => r with { Oldest = 2 }, cancel: Ending);
        await Rack.Store.Promoted(breaking, cancel: Ending);
        var refused = await Refused("CONVOX0062", $"releases/{_old.Id}/rollback", "releases");
        Assert.Contains("href=\"/apps/hello/releases/v2/rollback\"", refused, StringComparison.Ordinal);
        Assert.Contains("href=\"/apps/hello/releases/v1/rollback?force=1\"", refused, StringComparison.Ordinal);
        Assert.Contains("CONVOX0062", (await Get($"/apps/hello/releases/{_old.Id}/rollback")).Text, StringComparison.Ordinal);

        var confirmation = await Get("/apps/hello/releases/v1/rollback?force=1");
        Assert.Contains("Rolls back even if the active release declares this one incompatible.", confirmation.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await Press($"/apps/hello/releases/{_old.Id}/rollback")).Status);
        Assert.Equal(_old.Id, (await Rack.Store.RequireRelease(A.App, Driver.Begun.Single().Release, Ending)).CopyOf);
    }

    [Theory]
    [InlineData("approve", "/apps/hello/promotions")]
    [InlineData("cancel", "/apps/hello/promotions")]
    public async Task What_there_is_nothing_of_leads_to_the_promotions(string button, string page) =>
        Assert.Contains($"href=\"{page}", await Refused("CONVOX0031", button, "promotions"), StringComparison.Ordinal);

    [Theory]
    [InlineData("lock", "CONVOX0032", "reason", " ")]
    [InlineData("services/none/scale", "CONVOX0023", "count", "2")]
    [InlineData("services/web/scale", "CONVOX0032", "count", "many")]
    [InlineData("services/web/scale", "CONVOX0032", "count", "100000")]
    public async Task What_was_typed_wrong_is_said_where_it_was_typed(string button, string code, string field, string value) =>
        await Refused(code, button, "services", (field, value));

    [Fact]
    public async Task A_lock_of_somebody_else_is_not_replaced_and_the_reason_stays_in_the_form()
    {
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new("another@box", A.Moment, "migration") },
            A.Event(EventKind.AppLocked), Ending);
        var refused = await Refused("CONVOX0040", "lock", "services", ("reason", "stocktaking"));
        Assert.Contains("hello is locked already, by another@box 15 minutes ago: &quot;migration&quot;", refused, StringComparison.Ordinal);
        Assert.Contains(Unlocks, (await Get(Here)).Html, StringComparison.Ordinal);
        Assert.Equal("migration", (await Rack.Store.RequireApp(A.App, Ending)).Hold!.Reason);
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = null }, A.Event(EventKind.AppUnlocked), Ending);
        Assert.Contains("value=\"stocktaking\"", (await Get(Here)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_rack_is_stopped_the_releases_and_confirmations_say_so()
    {
        var daemon = Rack.RunBy = new();
        foreach (var (page, says) in new[] { ("releases", false), ("restart", true), ($"releases/{_new.Id}/promote", true) })
        {
            daemon.IsAlive = true;
            Assert.DoesNotContain("the rack is stopped", (await Get($"/apps/hello/{page}")).Text, StringComparison.Ordinal);
            daemon.IsAlive = false;
            var text = (await Get($"/apps/hello/{page}")).Text;
            Assert.Contains("hello isn’t running because the rack is stopped.", text, StringComparison.Ordinal);
            Assert.Equal(says, text.Contains("This starts the rack.", StringComparison.Ordinal));
            Assert.DoesNotContain("replace the running ones", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_pruned_release_names_how_to_get_it_back()
    {
        var pruned = await Rack.Store.Release(with: r => r with { PrunedAt = A.Moment }, cancel: Ending);
        foreach (var button in (string[])["pin", "promote"])
            await Refused("CONVOX0061", $"releases/{pruned.Id}/{button}", $"releases/{pruned.Id}");
    }

    /// <summary>Presses a button of a page; gives the error that the same page then shows.</summary>
    private async Task<string> Refused(string code, string button, string page, params (string, string)[] fields)
    {
        var from = new Uri(Address, $"/apps/hello/{page}");
        var guard = Guard((await Get(from.AbsolutePath)).Html);
        var pressed = await Send(HttpMethod.Post, $"/apps/hello/{button}", [("guard", guard), .. fields], request =>
        {
            request.Headers.Add("Origin", Address.ToString().TrimEnd('/'));
            request.Headers.Referrer = from;
        });
        Assert.Equal(HttpStatusCode.SeeOther, pressed.Status);
        Assert.StartsWith($"{from.AbsolutePath}?error=", pressed.LeadsTo, StringComparison.Ordinal);
        var shown = await Get(pressed.LeadsTo!);
        Assert.InRange((int)shown.Status, 400, 499);
        var error = Regex.Match(shown.Html, "<section class=\"card problem\" role=\"alert\".*?</section>", RegexOptions.Singleline).Value;
        Assert.Contains(code, error, StringComparison.Ordinal);
        return error;
    }
}
