using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Logs;

public sealed class ServiceLogTests : IDisposable
{
    private static readonly ServiceKey Web = new(A.App, A.Web);
    private static readonly ReleaseId Release = ReleaseId.New();

    private readonly TemporaryHome _home = new();
    private readonly List<IDisposable> _open = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var log in _open) log.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task What_was_written_is_read_in_the_order_of_time_over_services_with_odd_text_as_it_was()
    {
        Write(Open("web"), 1, "first\twith a tab and ünïcode");
        Write(Open("api"), 2, "second");
        Write(Open("web"), 3, "");
        Write(Open("api"), 4, new string('x', 200_000));

        var lines = await Read(new(A.App, []));
        Assert.Equal(["web", "api", "web", "api"], lines.Select(l => l.Service.ToString()));
        Assert.Equal(["first\twith a tab and ünïcode", "second", "", new string('x', 200_000)], lines.Select(l => l.Text));
        Assert.Equal("second", Assert.Single(await Read(new(A.App, [ServiceName.Parse("api")], Tail: 2)), l => l.Text.Length < 10).Text);
        Assert.Equal("", Assert.Single(await Read(new(A.App, [A.Web], Since: A.Moment.AddSeconds(2)))).Text);
    }

    [Fact]
    public async Task A_log_that_grows_past_its_size_is_rotated_and_loses_nothing_that_is_kept()
    {
        var log = Open("web");
        for (var i = 0; i < 2_500; i++) Write(log, i, $"{i:d5} {new string('x', 10_000)}");

        var lines = await Read(new(A.App, []));
        Assert.Equal(Enumerable.Range(0, 2_500), lines.Select(l => int.Parse(l.Text[..5])));
        Assert.Equal(3, LogFile.Files(_home.Home, A.App, A.Web).Count());
        Assert.All(LogFile.Files(_home.Home, A.App, A.Web), f => Assert.True(new FileInfo(f).Length <= 10 * 1024 * 1024));
    }

    [Fact]
    public void A_tail_goes_on_over_a_rotation_and_waits_for_the_end_of_a_line()
    {
        var log = Open("web");
        using var tail = new LogTail(LogFile.PathOf(_home.Home, A.App, A.Web), A.Web);
        var seen = new List<string>();
        for (var i = 0; i < 2_500; i++)
        {
            Write(log, i, $"{i:d5} {new string('x', 10_000)}");
            if (i % 100 == 0) seen.AddRange(tail.Read().Select(l => l.Text[..5]));
        }

        seen.AddRange(tail.Read().Select(l => l.Text[..5]));
        Assert.Equal(Enumerable.Range(0, 2_500).Select(i => $"{i:d5}"), seen);

        var whole = LogFile.Format(A.Moment, "web-1", Release, "halves");
        File.AppendAllText(LogFile.PathOf(_home.Home, A.App, A.Web), whole[..20]);
        Assert.Empty(tail.Read());
        File.AppendAllText(LogFile.PathOf(_home.Home, A.App, A.Web), whole[20..]);
        Assert.Equal("halves", Assert.Single(tail.Read()).Text);
    }

    [Fact]
    public async Task On_a_full_disk_lines_are_lost_and_counted_and_nobody_waits()
    {
        using var disk = new SmallDisk(1024);
        var home = new LocalHome(Path.Combine(disk.Path, "home"));
        using var log = new ServiceLog(home, Web);
        Write(log, 0, "before");
        disk.Fill(leave: 0);
        for (var i = 0; i < 100; i++) Write(log, i, new string('x', 1_000));
        disk.Empty();
        Write(log, 200, "after");

        var lines = await Read(new(A.App, []), home);
        Assert.Equal("before", lines[0].Text);
        Assert.Matches(@"^\((\d\d|100) lines before this one could not be written\)$", lines[^2].Text);
        Assert.Equal("after", lines[^1].Text);
    }

    [Fact]
    public async Task A_folder_of_logs_that_is_removed_is_made_again_where_a_file_is_full()
    {
        var log = Open("web");
        Write(log, 0, new string('x', 9 * 1024 * 1024));
        Directory.Delete(_home.Home.Logs, recursive: true);
        for (var i = 1; i <= 3; i++) Write(log, i, new string((char)('a' + i), 2 * 1024 * 1024));
        Assert.Equal(["(1 lines before this one could not be written)", "c", "d"], (await Read(new(A.App, []))).Select(l => l.Text[0] == '(' ? l.Text : l.Text[..1]));
    }

    private ServiceLog Open(string service)
    {
        var log = new ServiceLog(_home.Home, new(A.App, ServiceName.Parse(service)));
        _open.Add(log);
        return log;
    }

    private static void Write(ServiceLog log, int second, string text) => log.Write(A.Moment.AddSeconds(second), "web-1", Release, text);

    private async Task<List<LogLine>> Read(LogQuery query, LocalHome? home = null)
    {
        var lines = new List<LogLine>();
        await foreach (var line in LogReader.Read(home ?? _home.Home, query, TimeProvider.System, Cancel)) lines.Add(line);
        return lines;
    }
}
