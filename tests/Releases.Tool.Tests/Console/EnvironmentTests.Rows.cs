using System.Net;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Variables in their rows.</summary>
public sealed partial class EnvironmentTests
{
    [Fact]
    public async Task A_row_is_edited_where_it_is_without_scripts_and_a_refused_value_stays_in_it()
    {
        var row = Link((await Get(Page)).Html, "Change CHANGED");
        var editing = await Get(row);
        Assert.DoesNotContain("secret-", editing.Html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(editing.Html, "<textarea id=\"edit-value\""));
        var set = await Send(HttpMethod.Post, Form(editing.Html, "edit"),
            [("guard", Guard(editing.Html)), ("key", "CHANGED"), ("value", new string('x', 70_000)), ("do", "set")], FromHere);
        var refused = await Get(set.LeadsTo!);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Matches("<tr id=\"var-CHANGED\">.*role=\"alert\".*aria-invalid=\"true\".*</tr>", refused.Html.ReplaceLineEndings(" "));

        set = await Send(HttpMethod.Post, Form(refused.Html, "edit"),
            [("guard", Guard(refused.Html)), ("key", "CHANGED"), ("value", "changed-secret-2"), ("do", "set")], FromHere);
        Assert.EndsWith("#var-CHANGED", set.LeadsTo, StringComparison.Ordinal);
        Assert.Contains("env change:CHANGED", (await Get(set.LeadsTo!.Split('#')[0])).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_current_value_comes_into_its_row_only_on_request_which_is_written_down()
    {
        var editing = await Get(Link((await Get(Page)).Html, "Change KEPT"));
        var pressed = await Send(HttpMethod.Post, Form(editing.Html, "edit"),
            [("guard", Guard(editing.Html)), ("key", "KEPT"), ("value", ""), ("reveal", "KEPT")], FromHere);
        var revealed = await Get(pressed.LeadsTo!);
        Assert.Matches("<textarea id=\"edit-value\"[^>]*>\\s*kept-secret-1</textarea>", revealed.Html);
        Assert.Equal((EventKind.Revealed, "KEPT"),
            (await Rack.Store.ListEvents(A.App, 1, Ending)) is [var written] ? (written.Kind, written.Detail) : default);
        Assert.DoesNotContain("kept-secret", (await Get(pressed.LeadsTo!)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_values_of_a_pending_change_are_shown_on_request_and_hidden_again_and_no_other_value_is()
    {
        await EnvironmentDraft();
        var hidden = await Get(Here);
        Assert.DoesNotContain("secret-2", hidden.Html, StringComparison.Ordinal);
        var shown = await Get(Link(hidden.Html, null, "Show pending values"));
        Assert.Contains("pending new secret-2", shown.Text, StringComparison.Ordinal);
        Assert.Contains("pending changed-secret-2", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", shown.Html, StringComparison.Ordinal);
        Assert.Contains("pending changed-secret-2", (await Get(Link(shown.Html, "Change NEW"))).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", (await Get(Link(shown.Html, null, "Hide pending values"))).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_filtered_and_a_button_keeps_the_filter_and_the_change()
    {
        await Theirs([.. Enumerable.Range(0, 9).Select(i => ($"OTHER_{i}", "1"))]);
        await EnvironmentDraft();
        var draft = Here;
        var filtered = await Get($"{draft}&q=other");
        Assert.Equal(9, filtered.Html.Split("<tr id=\"var-").Length - 1);
        Assert.Contains("Pending change", filtered.Text, StringComparison.Ordinal);
        Assert.Contains($"name=\"draft\" value=\"{Regex.Match(draft, "draft=([^&]+)").Groups[1].Value}\"", filtered.Html,
            StringComparison.Ordinal);
        var removed = await Press(Page, ("remove", "OTHER_3"));
        Assert.Contains("q=other", removed.LeadsTo, StringComparison.Ordinal);
        Assert.Contains("No variable’s name contains “<b>”.", WebUtility.HtmlDecode((await Get($"{draft}&q=%3Cb%3E")).Html),
            StringComparison.Ordinal);
        Assert.DoesNotContain("“<b>”", (await Get($"{draft}&q=%3Cb%3E")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_row_that_a_link_names_is_found_on_its_page_and_a_tab_has_a_dot_while_a_change_is_pending()
    {
        await Theirs([.. Enumerable.Range(0, 250).Select(i => ($"V{i:D3}", "1"))]);
        var far = await Get($"{Page}?add=V220");
        Assert.Contains("<textarea id=\"edit-value\"", far.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("changes pending", far.Text, StringComparison.Ordinal);
        await Get(Page);
        await Press(Page, ("do", "set"), ("key", "NEW"), ("value", "1"));
        Assert.Contains("Environment , changes pending", (await Get("/apps/hello/logs")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_is_shown_again_in_its_form_where_the_environment_could_not_be_read()
    {
        var why = new Problem(ProblemCode.Vault, "the key can’t be reached.", "Try again.", ProblemKind.Unavailable);
        await Get($"{Page}?q=KEPT");
        Rack.Sealed.Fails = why;
        var sent = await Press($"{Page}?from=latest&q=KEPT&message=x", ("do", "paste"), ("lines", "A=1\nB=2"),
            (TypedBeside.KeyField, "HALF"), (TypedBeside.RowField + "KEPT", "mine"));
        Assert.Contains("the key can’t be reached.", sent.Text, StringComparison.Ordinal);
        // The message waits until the page can be shown.
        Rack.Sealed.Fails = null;
        var shown = await Get(Here);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, shown.Status);
        Assert.Contains("the key can’t be reached. Try again.", shown.Text.Split("Paste .env")[1], StringComparison.Ordinal);
        Assert.Contains("A=1\nB=2</textarea>", WebUtility.HtmlDecode(shown.Html), StringComparison.Ordinal);
        Assert.Contains("value=\"HALF\"", shown.Html, StringComparison.Ordinal);
        Assert.Contains("mine</textarea>", shown.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"q\" type=\"search\" value=\"KEPT\"", shown.Html, StringComparison.Ordinal);

        await Get($"{Page}?key=KEPT");
        Rack.Sealed.Fails = why;
        await Press($"{Page}?from=latest&key=KEPT", ("do", "set"), ("key", "KEPT"), ("value", "mine too"));
        Rack.Sealed.Fails = null;
        shown = await Get(Here);
        Assert.Matches("<textarea id=\"edit-value\"[^>]*>\nmine too</textarea>", shown.Html);
    }
}
