using System.Net;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>The log of a page, and how its stream goes on from there.</summary>
public sealed partial class LiveLogTests : Browsing
{
    private readonly List<StreamReader> _open = [];
    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(_release, cancel: Ending);
        // With these open, every further stream takes a look and ends.
        for (var i = 0; i < EventStreams.MaxPerSession; i++) _open.Add(await Listen("/apps/hello/live"));
    }

    [Fact]
    public async Task A_line_that_is_printed_while_a_page_is_open_comes_to_it()
    {
        Printed(A.Moment, "one");
        using var stream = await Listen("/apps/hello/live?log=0", by: NewBrowser());
        Assert.Contains("event: line\ndata: 03:04:05.000\tweb-1\tone\n", await Hear(stream, "one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_to_a_terminal_are_not_shown()
    {
        Printed(A.Moment, "\e[31mred\e[0m \e[1;38;5;208mbold\e[m \e]8;;http://x\e\\link\e]8;;\a \u009b2Kc1 tab\there\e[?25l\e(B.");
        Assert.Equal(["red bold link c1 tab\there."], Texts(await Heard("/apps/hello/live?log=0")));
        Assert.Contains("<span>red bold link c1 tab", (await Get("/apps/hello/processes")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_processes_print_come_as_text_and_say_where_they_were()
    {
        Printed(A.Moment, "<b>one</b>\rtwo");
        Assert.Contains($"data: 03:04:05.000\tweb-1\t<b>one</b> two\nid: /{A.Moment.UtcTicks}-1\n", await Heard("/apps/hello/live?log=0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_without_lines_goes_on_from_when_it_was_made()
    {
        var stream = await StreamOfPage();
        Assert.Contains($"log={Time.GetUtcNow().UtcTicks}-0", stream, StringComparison.Ordinal);
        Printed(Time.GetUtcNow() - TimeSpan.FromMilliseconds(1), "before");
        Printed(Time.GetUtcNow(), "after");
        Assert.Equal(["after"], Texts(await Heard(stream)));
    }

    [Fact]
    public async Task Of_several_lines_of_a_millisecond_none_is_lost_or_told_twice_between_page_and_stream_and_when_it_comes_back()
    {
        Printed(A.Moment, "one", "two");
        var stream = await StreamOfPage();
        Printed(A.Moment, "three", "four");
        var heard = await Heard(stream);
        Assert.Equal(["three", "four"], Texts(heard));

        var three = EventId().Match(heard).Groups[1].Value;
        Printed(A.Moment, "five");
        Printed(A.Moment + TimeSpan.FromMilliseconds(1), "six", "seven");
        heard = await Heard(stream, three);
        Assert.Equal(["four", "five", "six", "seven"], Texts(heard));
        Assert.Equal(["seven"], Texts(await Heard(stream, EventId().Matches(heard)[^2].Groups[1].Value)));
    }

    [Fact]
    public async Task A_line_that_arrives_late_does_not_have_later_ones_told_again()
    {
        Printed(A.Moment + TimeSpan.FromSeconds(1), "in time");
        Printed(A.Moment, "late");
        var heard = await Heard("/apps/hello/live?log=0");
        Assert.Equal(["in time", "late"], Texts(heard));
        Assert.Empty(Texts(await Heard("/apps/hello/live?log=0", EventId().Matches(heard)[^1].Groups[1].Value)));
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
        Assert.Equal(["one"], Texts(await Heard($"/apps/hello/live?log={position}")));
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

    private void Printed(DateTimeOffset at, params string[] texts) => Rack.NowRunning.Lines.AddRange(texts.Select(t => new LogLine(at, A.Web, "web-1", _release.Id, t)));

    /// <summary>Where the page gets its next lines from.</summary>
    private async Task<string> StreamOfPage() => WebUtility.HtmlDecode(DataLog().Match((await Get("/apps/hello/processes")).Html).Groups[1].Value);

    /// <summary>All of a stream that ends.</summary>
    private async Task<string> Heard(string path, string? lastEvent = null)
    {
        using var stream = await Listen(path, lastEvent);
        return await stream.ReadToEndAsync(Ending);
    }

    /// <summary>The connection may end before or after something of the answer has come.</summary>
    private async Task BreaksOff() =>
        Assert.True(await Record.ExceptionAsync(() => Heard("/apps/hello/live?log=0")) is IOException or HttpRequestException);

    private static IEnumerable<string> Texts(string heard) => DataLine().Matches(heard).Select(m => m.Groups[1].Value);

    [GeneratedRegex("data-live=\"([^\"]+)\"")]
    private static partial Regex DataLog();

    [GeneratedRegex("^data: [^\t\n]+\t[^\t\n]+\t(.*)$", RegexOptions.Multiline)]
    private static partial Regex DataLine();

    [GeneratedRegex("^id: (.+)$", RegexOptions.Multiline)]
    private static partial Regex EventId();
}
