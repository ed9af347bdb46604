using System.Net;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class EnvironmentTests : Browsing
{
    private const string Page = "/apps/hello/environment";

    private protected override async Task Arrange()
    {
        await base.Arrange();
        await Rack.Store.Release(cancel: Ending);
        await Theirs(("KEPT", "kept-secret-1"), ("CHANGED", "changed-secret-1"), ("GONE", "gone-secret-1"));
    }

    [Fact]
    public async Task Values_are_masked_until_they_are_revealed_one_by_one_which_is_written_down()
    {
        Assert.DoesNotContain("secret-1", (await Get(Page)).Html, StringComparison.Ordinal);
        var revealed = await Press(Page, ("reveal", "KEPT"));
        Assert.Contains("kept-secret-1", revealed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("changed-secret-1", revealed.Html, StringComparison.Ordinal);
        var written = (await Rack.Store.ListEvents(A.App, 1, Ending))[0];
        Assert.Equal((EventKind.Revealed, A.Person, "KEPT"), (written.Kind, written.By, written.Detail));
        Assert.DoesNotContain("secret-1", (await Get(Page)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Press(Page, ("reveal", "NOT_THERE"))).Status);
    }

    [Fact]
    public async Task A_change_is_shown_before_it_is_made_and_no_page_carries_its_values()
    {
        await EnvironmentDraft();
        var page = await Get(Here);
        Assert.Contains("Pending change Show pending values env add:NEW change:CHANGED remove:GONE", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", page.Html, StringComparison.Ordinal);
        Assert.Equal(2, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
    }

    [Fact]
    public async Task Save_as_release_only_makes_it()
    {
        await EnvironmentDraft();
        var saved = await Press(Page, ("do", "save"));
        var made = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v3"), Ending);
        Assert.Equal((HttpStatusCode.SeeOther, $"/apps/hello/releases/{made.Id}"), (saved.Status, saved.LeadsTo));
        Assert.Equal(("env add:NEW change:CHANGED remove:GONE", A.Person), (made.Description, made.CreatedBy));
        Assert.Equal(["CHANGED=changed-secret-2", "KEPT=kept-secret-1", "NEW=new\nsecret-2"],
            (await Rack.ReadEnvironment(made, Ending)).Select(v => $"{v.Key}={v.Value}"));
        Assert.Empty(Driver.Begun);
        Assert.DoesNotContain("Pending change", (await Get(Page)).Text.Split("Add variable")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_Changes_makes_it_and_promotes_it()
    {
        await EnvironmentDraft();
        var applied = await Press(Page, ("do", "apply"));
        var made = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v3"), Ending);
        Assert.Equal((made.Id, A.Person), (Driver.Begun.Single().Release, Driver.Begun.Single().By));
        Assert.Equal($"/apps/hello/promotions/{Driver.Promotion}", applied.LeadsTo);
    }

    [Fact]
    public async Task Where_somebody_else_is_faster_nothing_is_made_and_the_draft_stays()
    {
        await EnvironmentDraft();
        Driver.BeforeItBegins = () =>
            throw new Problem(ProblemCode.Busy, "somebody else was faster.", "Wait for it.", ProblemKind.Busy).ToException();
        var refused = await Press(Page, ("do", "apply"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("CONVOX0012 somebody else was faster. Wait for it.", refused.Text, StringComparison.Ordinal);
        Assert.Empty(Driver.Begun);
        Assert.Equal(2, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
        Assert.Contains("env add:NEW change:CHANGED remove:GONE", (await Get(Here)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_one_was_left_open_before_anything_was_made_the_draft_stays()
    {
        await EnvironmentDraft();
        var theirs = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v2"), Ending);
        await Driver.Begin(new(PromotionId.New(), A.App, theirs.Id, A.Person), Ending);
        Time.Advance(TimeSpan.FromHours(3));
        // Its lock is watched for a beat, which doesn't come.
        var pressing = Press(Page, ("do", "apply"));
        await Time.PassesUntil(pressing);
        var refused = await pressing;
        Assert.Contains("It is being finished now, and no other can begin before that. Try again when it has ended.", refused.Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("was made", refused.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
        Assert.Contains("env add:NEW change:CHANGED remove:GONE", (await Get(Here)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_lines_single_undos_and_discarding()
    {
        await Get(Page);
        await Press(Page, ("do", "paste"), ("lines", "# as in a file\r\nA=1\r\nKEPT='two\r\nlines'\r\n"));
        Assert.Contains("env add:A change:KEPT", (await Get(Here)).Text, StringComparison.Ordinal);
        await Press(Page, ("undo", "A"));
        Assert.Contains("env change:KEPT", (await Get(Here)).Text, StringComparison.Ordinal);
        await Press(Page, ("do", "discard"));
        Assert.DoesNotContain("Apply Changes", (await Get(Page)).Text, StringComparison.Ordinal);
        var gone = await Press(Page, ("do", "apply"));
        Assert.Equal(HttpStatusCode.Conflict, gone.Status);
    }

    [Theory]
    [InlineData("PORT", "1", "CONVOX0005 PORT can't be set")]
    [InlineData("1X", "1", "CONVOX0005 '1X' isn't a valid variable name")]
    public async Task What_cannot_be_a_variable_is_refused_with_the_sentence(string key, string value, string sentence)
    {
        await Get(Page);
        var refused = await Press(Page, ("do", "set"), ("key", key), ("value", value));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(sentence, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_changed_in_between_is_shown_and_stays()
    {
        await EnvironmentDraft();
        await Theirs(("KEPT", "their-secret"));
        Assert.Contains("env change:KEPT . That stays as it is.", (await Get(Here)).Text, StringComparison.Ordinal);
        await Press(Page, ("do", "save"));
        var made = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v4"), Ending);
        Assert.Equal(["CHANGED=changed-secret-2", "KEPT=their-secret", "NEW=new\nsecret-2"],
            (await Rack.ReadEnvironment(made, Ending)).Select(v => $"{v.Key}={v.Value}"));
    }

    [Fact]
    public async Task The_same_variable_is_never_overwritten_unless_somebody_who_sees_it_says_so()
    {
        await EnvironmentDraft();
        await Theirs(("CHANGED", "their-secret"));
        var refused = await Press(Page, ("do", "save"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("CONVOX0040 CHANGED changed while you were editing, so nothing was saved.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("You both changed CHANGED. Choose Keep mine or Take theirs before you apply the change.", refused.Text,
            StringComparison.Ordinal);
        Assert.Matches("value=\"apply\" data-begins disabled", refused.Html);
        Assert.Matches("value=\"save\" formnovalidate disabled", refused.Html);
        Assert.Equal(3, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);

        await Press(Page, ("do", "again"));
        await Press(Page, ("do", "save"));
        var made = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v4"), Ending);
        Assert.Contains("CHANGED=changed-secret-2", (await Rack.ReadEnvironment(made, Ending)).Select(v => $"{v.Key}={v.Value}"));
    }

    [Fact]
    public async Task Whoever_takes_theirs_keeps_the_rest_of_the_change()
    {
        await EnvironmentDraft();
        await Theirs(("CHANGED", "their-secret"));
        Assert.Contains("Take theirs for CHANGED", (await Get(Here)).Text, StringComparison.Ordinal);
        await Press(Page, ("do", "theirs"));
        Assert.Contains("Pending change Show pending values env add:NEW remove:GONE", (await Get(Here)).Text, StringComparison.Ordinal);
        await Press(Page, ("do", "save"));
        var made = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v4"), Ending);
        Assert.Equal(["CHANGED=their-secret", "KEPT=kept-secret-1", "NEW=new\nsecret-2"],
            (await Rack.ReadEnvironment(made, Ending)).Select(v => $"{v.Key}={v.Value}"));
    }

    [Fact]
    public async Task Where_latest_and_active_differ_applying_asks_which_is_meant()
    {
        await Rack.Store.Promoted(await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v2"), Ending), cancel: Ending);
        await Rack.Store.Release(with: r => r with { Environment = null, Description = "not promoted" }, cancel: Ending);
        await Get(Page + "?from=active");
        await Press(Page + "?from=active", ("do", "set"), ("key", "NEW"), ("value", "1"));
        Assert.Contains("Apply to which release?", (await Get(Here)).Text, StringComparison.Ordinal);
        var refused = await Press(Page, ("do", "apply"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("CONVOX0029", refused.Text, StringComparison.Ordinal);
        Assert.Empty(Driver.Begun);

        await Press(Page, ("do", "apply"), ("base", "active"));
        var made = await Rack.Store.RequireRelease(A.App, Driver.Begun.Single().Release, Ending);
        Assert.Equal("v2", $"v{(await Rack.Store.RequireRelease(A.App, made.BasedOn!.Value, Ending)).Number}");
    }

    [Fact]
    public async Task A_thousand_variables_come_in_pages_of_under_100_KB()
    {
        await Theirs([.. Enumerable.Range(0, 997).Select(i => ($"V{i:D3}_{new string('X', 30)}", "1"))]);
        var (page, seen) = (Page, 0);
        for (var i = 0; i < 10; i++)
        {
            var html = (await Get(page)).Html;
            Assert.InRange(html.Length, 1, 100 * 1024);
            seen += html.Split("name=\"reveal\"").Length - 1;
            if (!html.Contains(">More<", StringComparison.Ordinal)) break;
            page = html.Split("rel=\"next\" href=\"")[1].Split('"')[0].Replace("&amp;", "&", StringComparison.Ordinal);
        }

        Assert.Equal(1000, seen);
    }

    [Fact]
    public async Task What_an_environment_holds_is_text()
    {
        await Theirs(("KEPT", "<script>alert(1)</script>"));
        await Get(Page);
        var revealed = await Press(Page, ("reveal", "KEPT"));
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", revealed.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", revealed.Html, StringComparison.Ordinal);
    }

    /// <summary>Adds, changes and removes one each.</summary>
    private async Task EnvironmentDraft()
    {
        await Get(Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await Press(Page, ("do", "set"), ("key", "NEW"), ("value", "new\r\nsecret-2"))).Status);
        await Press(Page, ("do", "set"), ("key", "CHANGED"), ("value", "changed-secret-2"));
        await Press(Page, ("remove", "GONE"));
    }

    private void FromHere(HttpRequestMessage request) => request.Headers.Add("Origin", Address.ToString().TrimEnd('/'));

    /// <summary>Where a link leads to, by its label or by its text.</summary>
    private static string Link(string html, string? label, string text = "") => WebUtility.HtmlDecode(Regex.Match(
        html, label is null ? $"<a href=\"([^\"]+)\">{text}</a>" : $"<a [^>]*href=\"([^\"]+)\" aria-label=\"{label}\"").Groups[1].Value);

    private static string Form(string html, string id) =>
        WebUtility.HtmlDecode(Regex.Match(html, $"action=\"([^\"]+)\" id=\"{id}\"").Groups[1].Value);

    private async Task Theirs(params (string Key, string Value)[] variables) =>
        await new EnvironmentRelease(Rack, Time)
            .Create(new(A.App, new([.. variables.Select(v => KeyValuePair.Create(v.Key, v.Value))], []), null, "somebody else"), Ending);
}
