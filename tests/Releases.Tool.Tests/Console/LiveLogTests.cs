using System.Net;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>The log of a page, and how its stream continues from there.</summary>
public sealed partial class LiveLogTests : Browsing
{
    private readonly List<StreamReader> _open = [];
    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(_release, cancel: Ending);
        // With these open, every further stream reads once and ends.
        for (var i = 0; i < EventStreams.MaxPerSession; i++) _open.Add(await Listen("/apps/hello/live"));
    }

    [Fact]
    public async Task A_line_that_is_printed_while_a_page_is_open_comes_to_it()
    {
        Printed(A.Moment, "one");
        using var stream = await Listen("/apps/hello/live?log=0", by: NewBrowser());
        Assert.Equal(["one"], Texts(await Hear(stream, "one")));
    }

    [Fact]
    public async Task Colors_become_classes_and_other_commands_to_a_terminal_are_not_shown()
    {
        Printed(A.Moment, "\e[31mred\e[0m \e[1;38;5;208mbold\e[m \e]8;;http://x\e\\link\e]8;;\a \u009b2Kc1 tab\there\e[?25l\e(B. <i>");
        const string Shown = "<span><span class=\"c1\">red</span> <span class=\"c1 cb\">bold</span> link c1 tab&#x9;here. &lt;i&gt;</span>";
        Assert.Contains(Shown, await Receive("/apps/hello/live?log=0"), StringComparison.Ordinal);
        Assert.Contains(Shown, (await Get("/apps/hello/logs")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_processes_print_come_encoded_and_say_where_they_were()
    {
        Printed(A.Moment, "<b>one</b>\rtwo");
        var received = await Receive("/apps/hello/live?log=0");
        Assert.Contains("&lt;b&gt;one&lt;/b&gt; two", received, StringComparison.Ordinal);
        Assert.Contains($"\nid: /{A.Moment.UtcTicks}-1\n", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_faster_than_anybody_reads_is_cut_to_its_end_and_the_next_line_continues_after_all_of_it()
    {
        Printed(A.Moment, [.. Enumerable.Range(1, 20_000).Select(i => $"line {i}")]);
        var received = await Receive($"/apps/hello/live?log={A.Moment.UtcTicks}-0");
        var lines = Texts(received).ToList();
        Assert.Equal("line 20000", lines[^1]);
        Assert.Contains(" lines are left out here; Download has them.", received, StringComparison.Ordinal);
        var leftOut = LeftOut().Matches(received).Sum(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(20_000, lines.Count + leftOut);
        Assert.EndsWith($"id: /{A.Moment.UtcTicks}-20000\n", string.Concat(EventId().Matches(received).Select(m => m.Value + "\n")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_searched_by_text_level_service_and_time_and_so_is_its_stream_and_its_file()
    {
        Printed(A.Moment, "info: it began", "fail: Shop[0] order 17", "warn: slow", "\e[41mcrit\e[0m: order 18",
            "{\"LogLevel\":\"Error\",\"m\":\"order 19\"}");
        Printed(Time.GetUtcNow(), "order 20");
        foreach (var (query, wanted) in new (string, string[])[]
        {
            ("q=ORDER", ["17", "18", "19", "20"]), ("level=error",
                ["17", "19"]), ("level=warning", ["17", "slow", "19"]), ("q=order&level=error", ["17", "19"]), ("q=order&since=5m", ["20"]),
        })
        {
            foreach (var found in new[] { await Receive(
                $"/apps/hello/live?log={A.Moment.UtcTicks}-0&{query.Replace("&since=5m", "", StringComparison.Ordinal)}"),
                (await Get($"/apps/hello/logs?{query}")).Html, (await Get($"/apps/hello/logs/download?{query}")).Html })
            {
                Assert.All(wanted, text => Assert.Contains(text, found, StringComparison.Ordinal));
                Assert.DoesNotContain("it began", found, StringComparison.Ordinal);
            }
        }

        var file = await Get("/apps/hello/logs/download?q=17");
        Assert.Equal("2026-01-02T03:04:05.000Z web-1 fail: Shop[0] order 17\n", file.Html);
        Assert.Equal("attachment; filename=\"hello-20260102-031905.log\"", file.Headers["Content-Disposition"]);
        Assert.Contains("No such lines among the newest 10000 lines.", (await Get("/apps/hello/logs?q=nowhere")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_belongs_to_an_error_is_shown_with_it_also_where_the_stream_continues_within_it()
    {
        string[] wanted =
        [
            "fail: Shop.Basket[12]", "      the basket is empty", "      System.InvalidOperationException: no items",
            "         at Shop.Basket.Pay()", "[12:00:01 ERR] paying failed", "System.IO.IOException: disk", "   at Shop.Disk.Write()",
            "--- End of stack trace from previous location ---", "   at Shop.Disk.Flush()", "{\"Level\":\"Error\",\"m\":\"one\"}",
            "[Error] two", "error: three", "2026-01-02 03:04:05.678 +00:00 [error] four",
        ];
        string[] others = ["info: Shop.Basket[1]", "      ERROR is a word here", "done", "  indented", "no error here", "errors: 0"];
        foreach (var line in others[..2].Concat(wanted[..4]).Concat(others[2..4]).Concat(wanted[4..]).Concat(others[4..]))
            Printed(A.Moment, line);
        var stream = $"/apps/hello/live?log={A.Moment.UtcTicks}-0&level=error";
        foreach (var found in new[] { await Receive(stream), (await Get("/apps/hello/logs?level=error")).Html,
            (await Get("/apps/hello/logs/download?level=error")).Html }.Select(WebUtility.HtmlDecode))
        {
            Assert.All(wanted, text => Assert.Contains(text, found, StringComparison.Ordinal));
            Assert.All(others, text => Assert.DoesNotContain(text, found, StringComparison.Ordinal));
        }

        Printed(A.Moment + TimeSpan.FromSeconds(1), "fail: Shop.Basket[13]");
        stream = await StreamOfPage("?level=error");
        Rack.NowRunning.Lines.Add(new(A.Moment + TimeSpan.FromSeconds(1), A.Web, "web-2", _release.Id, "info: Shop.Basket[2]"));
        Rack.NowRunning.Lines.Add(new(A.Moment + TimeSpan.FromSeconds(1.2), A.Web, "web-2", _release.Id, "      another process"));
        Printed(A.Moment + TimeSpan.FromSeconds(1.2), "      its message");
        Assert.Equal(["      its message"], Texts(await Receive(stream)));
    }

    [Fact]
    public async Task A_rack_that_reads_the_last_hour_says_so()
    {
        Rack.NowRunning.LogPeriod = TimeSpan.FromHours(1);
        var page = (await Get("/apps/hello/logs")).Text;
        Assert.Contains("No lines in the last 1h.", page, StringComparison.Ordinal);
        Assert.Contains("Download has all of the last 1h.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Any time", page, StringComparison.Ordinal);
        Assert.Contains("Download has all of them.", (await Get("/apps/hello/logs?since=24h")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_stands_first_if_that_is_wanted()
    {
        Printed(A.Moment, "first", "second");
        var page = (await Get("/apps/hello/logs?order=newest")).Text;
        Assert.True(page.IndexOf("web-1 second", StringComparison.Ordinal) < page.IndexOf("web-1 first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_without_lines_goes_on_from_when_it_was_made()
    {
        var stream = await StreamOfPage();
        Assert.Contains($"log={Time.GetUtcNow().UtcTicks}-0", stream, StringComparison.Ordinal);
        Printed(Time.GetUtcNow() - TimeSpan.FromMilliseconds(1), "before");
        Printed(Time.GetUtcNow(), "after");
        Assert.Equal(["after"], Texts(await Receive(stream)));
    }

    [Fact]
    public async Task Of_several_lines_of_a_millisecond_none_is_lost_or_told_twice_between_page_and_stream_and_when_it_comes_back()
    {
        Printed(A.Moment, "one", "two");
        var stream = await StreamOfPage();
        Printed(A.Moment, "three", "four");
        var received = await Receive(stream);
        Assert.Equal(["three", "four"], Texts(received));

        Assert.Equal($"/{A.Moment.UtcTicks}-4", EventId().Match(received).Groups[1].Value);
        Printed(A.Moment, "five");
        Printed(A.Moment + TimeSpan.FromMilliseconds(1), "six", "seven");
        Assert.Equal(["five", "six", "seven"], Texts(await Receive(stream, $"/{A.Moment.UtcTicks}-4")));
        Assert.Equal(["four", "five", "six", "seven"], Texts(await Receive(stream, $"/{A.Moment.UtcTicks}-3")));
        Assert.Equal(["seven"], Texts(await Receive(stream, $"/{A.Moment.UtcTicks + TimeSpan.TicksPerMillisecond}-1")));
    }

    [Fact]
    public async Task A_line_that_arrives_late_does_not_have_later_ones_told_again()
    {
        Printed(A.Moment + TimeSpan.FromSeconds(1), "in time");
        Printed(A.Moment, "late");
        var received = await Receive("/apps/hello/live?log=0");
        Assert.Equal(["in time", "late"], Texts(received));
        Assert.Empty(Texts(await Receive("/apps/hello/live?log=0", EventId().Matches(received)[^1].Groups[1].Value)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1-1")]
    [InlineData("1-1")]
    [InlineData("9223372036854775807-1")]
    [InlineData("PAAAAAAAAAA")]
    public async Task Where_it_is_said_to_be_and_cannot_be_it_begins_with_the_last_lines(string position)
    {
        Printed(A.Moment, "one");
        Assert.Equal(["one"], Texts(await Receive($"/apps/hello/live?log={position}")));
    }

    [Fact]
    public async Task A_line_of_standard_error_is_marked_with_a_word()
    {
        Rack.NowRunning.Lines.Add(new LogLine(A.Moment, A.Web, "web-1", _release.Id, "wrong") { IsError = true });
        Printed(A.Moment, "fine");
        var page = await Get("/apps/hello/logs");
        Assert.Contains("web-1 err wrong", page.Text, StringComparison.Ordinal);
        Assert.Contains("web-1 fine", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_breaks_off_is_said_on_the_terminal_once_however_often_the_browser_comes_back()
    {
        Printed(A.Moment, "one");
        Rack.NowRunning.Breaks = new InvalidOperationException("boom");
        for (var i = 0; i < 3; i++) await BreaksOff();
        Assert.Equal(2, Terminal.Talk.ToString().Split("error CONVOX0099: boom.").Length);
        Rack.NowRunning.Breaks = new Problem(ProblemCode.Daemon, "The daemon is gone.").ToException();
        await BreaksOff();
        Assert.Contains($"error {ProblemCode.Daemon}: The daemon is gone.", Terminal.Talk.ToString(), StringComparison.Ordinal);
    }

    private void Printed(DateTimeOffset at, params string[] texts) =>
        Rack.NowRunning.Lines.AddRange(texts.Select(t => new LogLine(at, A.Web, "web-1", _release.Id, t)));

    /// <summary>Where the page gets its next lines from.</summary>
    private async Task<string> StreamOfPage(string query = "") =>
        WebUtility.HtmlDecode(DataLog().Match((await Get($"/apps/hello/logs{query}")).Html).Groups[1].Value);

    /// <summary>All of a stream that ends.</summary>
    private async Task<string> Receive(string path, string? lastEvent = null)
    {
        using var stream = await Listen(path, lastEvent);
        return await stream.ReadToEndAsync(Ending);
    }

    /// <summary>The connection may end before or after something of the answer has come.</summary>
    private async Task BreaksOff() =>
        Assert.True(await Record.ExceptionAsync(() => Receive("/apps/hello/live?log=0")) is IOException or HttpRequestException);

    private static IEnumerable<string> Texts(string received) => DataLine().Matches(received).Select(m => m.Groups[1].Value);

    [GeneratedRegex("data-live=\"([^\"]+)\"")]
    private static partial Regex DataLog();

    [GeneratedRegex("</b> <span>(.*)</span></div>$", RegexOptions.Multiline)]
    private static partial Regex DataLine();

    [GeneratedRegex("([0-9]+) lines are left out")]
    private static partial Regex LeftOut();

    [GeneratedRegex("^id: (.+)$", RegexOptions.Multiline)]
    private static partial Regex EventId();
}
