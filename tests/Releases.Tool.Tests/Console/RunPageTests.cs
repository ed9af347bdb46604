using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class RunPageTests : Browsing
{
    private const string Page = "/apps/hello/run";

    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _release = await RunnableRelease.Activate(Rack, Ending);
    }

    [Fact]
    public async Task A_command_runs_with_the_active_release_and_its_page_keeps_the_output_and_the_exit_code()
    {
        Rack.RanOnce.ExitCode = 3;
        await Get(Page);
        var pressed = await Press(Page, ("service", "web"), ("command", "./Shop \"migrate all\""));
        Assert.Matches("^/apps/hello/runs/[A-Za-z0-9_-]{12}$", pressed.LeadsTo);
        await Ended();
        var page = await Get(pressed.LeadsTo!);
        Assert.Contains("ran ./Shop migrate all", page.Text, StringComparison.Ordinal);
        Assert.Contains("exited with code 3", page.Text, StringComparison.Ordinal);
        Assert.Contains("Exit code 3", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/stop\"", page.Html, StringComparison.Ordinal);
        var ran = Rack.RanOnce.Run.Single();
        Assert.Equal((_release.Id, "web", A.Person), (ran.Release.Id, ran.Service.Service.Name.ToString(), ran.By));
        Assert.Equal(["./Shop", "migrate all"], ran.Command.Arguments);
        Assert.Equal(EventKind.OneOffStarted, (await Rack.Store.ListEvents(A.App, 1, Ending))[0].Kind);

        var file = await Get($"{pressed.LeadsTo}/output");
        Assert.Equal("ran ./Shop migrate all\n", file.Html);
        Assert.StartsWith("attachment;", file.Headers["Content-Disposition"], StringComparison.Ordinal);
        // Where it is named, it is what was typed.
        Assert.Contains("web: ./Shop 'migrate all'", page.Text, StringComparison.Ordinal);
        Assert.Contains("./Shop 'migrate all'", (await Get(Page)).Text, StringComparison.Ordinal);
        Assert.Equal("web: ./Shop 'migrate all'", (await Rack.Store.ListEvents(A.App, 1, Ending))[0].Detail);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_runs_its_command_once_and_leads_to_it()
    {
        Rack.RanOnce.Hold();
        await Get(Page);
        var first = await Press(Page, ("service", "web"), ("command", "./Shop migrate"));
        Assert.Equal(first.LeadsTo, (await Press(Page, ("service", "web"), ("command", "./Shop migrate"))).LeadsTo);
        ConsoleContext.Runs.StopAll();
        await Ended();
        Assert.Equal(first.LeadsTo, (await Press(Page, ("service", "web"), ("command", "./Shop migrate"))).LeadsTo);
        Assert.Single(Rack.RanOnce.Run);

        var other = await RunnableRelease.Activate(Rack, Ending);
        var ofOther = await Press(Page, ("service", "web"), ("command", "./Shop migrate"), ("release", $"{other.Id}"));
        Assert.Matches("^/apps/hello/runs/", ofOther.LeadsTo);
        Assert.NotEqual(first.LeadsTo, ofOther.LeadsTo);

        // Another command, and the same one later, as after a step back to the form.
        Assert.NotEqual(first.LeadsTo, (await Press(Page, ("service", "web"), ("command", "./Shop other"))).LeadsTo);
        Time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotEqual(first.LeadsTo,
            (await Press(Page, ("service", "web"), ("command", "./Shop migrate"), ("release", $"{_release.Id}"))).LeadsTo);
        Assert.Equal(4, Rack.RanOnce.Run.Count);
    }

    [Fact]
    public async Task In_a_shell_the_text_stays_as_it_is()
    {
        await Get(Page);
        await Press(Page, ("service", "web"), ("command", "env | sort"), ("shell", "1"));
        await Ended();
        Assert.Equal("env | sort", Rack.RanOnce.Run.Single().Command.Shell);
    }

    [Fact]
    public async Task A_quote_that_is_not_closed_runs_nothing_outside_of_a_shell()
    {
        await Get(Page);
        var refused = await Get((await Press(Page, ("service", "web"), ("command", "./Shop \"migrate all"))).LeadsTo!);
        Assert.Contains("a double quote isn't closed. Nothing was run.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"./Shop &quot;migrate all\"", refused.Html, StringComparison.Ordinal);
        Assert.Empty(Rack.RanOnce.Run);
        await Press(Page, ("service", "web"), ("command", "echo it's 3\\\" wide"), ("shell", "1"));
        await Ended();
        Assert.Single(Rack.RanOnce.Run);
    }

    [Fact]
    public async Task Whatever_refuses_it_is_said_at_the_form_which_keeps_what_was_typed()
    {
        await Get(Page);
        foreach (var (service, release, sentence, status) in new[]
        {
            ("none", "", "has no service", HttpStatusCode.NotFound), ("web", "v77", "v77",
                HttpStatusCode.NotFound), ("w b", "", "isn't a valid service name", HttpStatusCode.BadRequest),
        })
        {
            var pressed = await Send(HttpMethod.Post, Page, [("guard", Guard((await Get(Page)).Html)), ("service", service),
                ("command", "./Shop <b>"), ("release", release)], FromHere);
            var refused = await Get(pressed.LeadsTo!);
            Assert.Contains(sentence, refused.Text, StringComparison.Ordinal);
            Assert.Equal(status, refused.Status);
            Assert.Contains("role=\"alert\"", refused.Html, StringComparison.Ordinal);
            Assert.Contains("value=\"./Shop &lt;b&gt;\"", refused.Html, StringComparison.Ordinal);
        }

        Assert.Empty(Rack.RanOnce.Run);
        Assert.Equal(HttpStatusCode.NotFound, (await Get("/apps/hello/runs/none")).Status);
    }

    [Fact]
    public async Task A_damaged_artifact_is_refused_before_anything_is_started_and_the_command_stays_in_the_form()
    {
        Rack.Stored.Damaged.Add(_release.Services.Values.First().Artifact!.Digest);
        var pressed = await Send(HttpMethod.Post, Page,
            [("guard", Guard((await Get(Page)).Html)), ("service", "web"), ("command", "./Shop <b>")], FromHere);
        var refused = await Get(pressed.LeadsTo!);
        Assert.Contains("CONVOX", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"./Shop &lt;b&gt;\"", refused.Html, StringComparison.Ordinal);
        Assert.Empty(ConsoleContext.Runs.Of(A.App));
    }

    [Fact]
    public async Task An_open_page_hears_its_lines_and_its_end_and_Stop_ends_it()
    {
        var lines = Rack.RanOnce.Hold();
        await Get(Page);
        var path = (await Press(Page, ("service", "web"), ("command", "./Shop"))).LeadsTo!;
        var page = await Get(path);
        Assert.Contains("running", page.Text, StringComparison.Ordinal);
        using var stream = await Listen(WebUtility.HtmlDecode(page.Html.Split("data-live=\"")[1].Split('"')[0]));
        lines.Print("first \u001b[31mred\u001b[0m <b>");
        var heard = await Hear(stream, "first");
        Assert.Contains("<span class=\"c1\">red</span> &lt;b&gt;", heard, StringComparison.Ordinal);

        Assert.Equal(path, (await Press($"{path}/stop")).LeadsTo);
        Assert.Contains("event: changed", await Hear(stream, "changed"), StringComparison.Ordinal);
        page = await Get(path);
        Assert.Contains("was ended by signal 15 (SIGTERM)", page.Text, StringComparison.Ordinal);
        Assert.Contains("first red <b>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_so_many_run_at_once_and_the_console_ends_them_when_it_ends()
    {
        var lines = Rack.RanOnce.Hold();
        for (var i = 0; i < OneOffRuns.MaxRunning; i++)
        {
            await Get(Page);
            Assert.Contains("/runs/", (await Press(Page, ("service", "web"), ("command", "./Shop"))).LeadsTo, StringComparison.Ordinal);
        }

        var pressed = await Send(HttpMethod.Post, Page,
            [("guard", Guard((await Get(Page)).Html)), ("service", "web"), ("command", "./Shop")], FromHere);
        Assert.Contains("CONVOX0071", (await Get(pressed.LeadsTo!)).Text, StringComparison.Ordinal);
        Assert.Equal(OneOffRuns.MaxRunning, ConsoleContext.Runs.Of(A.App).Count);
        lines.Print("migrating \u001b[2J");
        await Server.DisposeAsync();
        Assert.All(ConsoleContext.Runs.Of(A.App), run => Assert.Equal(143, run.ExitCode));
        var talk = Terminal.Talk.ToString();
        Assert.Contains("Stopping 8 commands that pages started.", talk, StringComparison.Ordinal);
        Assert.Equal(9, talk.Split("hello: ./Shop (web) was ended by signal 15 (SIGTERM).").Length);
        Assert.Contains("(SIGTERM). Its last lines:\n  migrating ", talk, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_much_output_the_last_lines_are_kept_and_the_others_are_counted()
    {
        var lines = Rack.RanOnce.Hold();
        await Get(Page);
        var path = (await Press(Page, ("service", "web"), ("command", "./Shop"))).LeadsTo!;
        for (var i = 0; i < OneOffRun.MaxLines + 5; i++) lines.Print($"line {i}.");
        var page = await Get(path);
        Assert.Contains("5 earlier lines were left out.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("line 4.", page.Text, StringComparison.Ordinal);
        Assert.Contains("line 5.", page.Text, StringComparison.Ordinal);
        lines.Print(new string('x', 300 * 1024));
        Assert.Single(ConsoleContext.Runs.Of(A.App).Single().Kept());
    }

    [Fact]
    public async Task What_was_typed_is_shown_again_where_the_app_could_not_be_read()
    {
        var guard = Guard((await Get(Page)).Html);
        var why = new Problem(ProblemCode.Unavailable, "the table can’t be reached.", "Try again.", ProblemKind.Unavailable);
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, call) =>
            method.Name == nameof(IReleaseStore.FindApp) ? Task.FromException<App?>(why.ToException()) : call());
        var sent = await Send(HttpMethod.Post, Page,
            [("guard", guard), ("service", "web"), ("command", "./Shop migrate"), ("shell", "1")], FromHere);
        Rack.Interfered = null;
        var shown = await Get(sent.LeadsTo!);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, shown.Status);
        Assert.Contains("the table can’t be reached. Try again.", shown.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"./Shop migrate\"", shown.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"shell\" value=\"1\" checked", shown.Html, StringComparison.Ordinal);
        Assert.Empty(Rack.RanOnce.Run);
    }

    private Task Ended() => ConsoleContext.Runs.Ended();

    private void FromHere(HttpRequestMessage request) => request.Headers.Add("Origin", Address.ToString().TrimEnd('/'));
}
