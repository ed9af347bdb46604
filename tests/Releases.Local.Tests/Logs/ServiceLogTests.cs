using Microsoft.Extensions.Time.Testing;
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
    private readonly List<string> _reports = [];

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
    public async Task What_was_printed_to_standard_error_is_known_and_its_process_has_its_name()
    {
        var log = Open("web");
        log.Write(new FakeTimeProvider(A.Moment), "web-1", Release, "out");
        log.Write(new FakeTimeProvider(A.Moment), "web-1", Release, "wrong!", isError: true);
        Assert.Equal([("web-1", "out", false), ("web-1", "wrong!", true)],
            (await Read(new(A.App, []))).Select(l => (l.Process, l.Text, l.IsError)));
    }

    [Fact]
    public async Task A_log_that_grows_past_its_size_is_rotated_and_loses_nothing_that_is_kept()
    {
        var log = Open("web");
        for (var i = 0; i < 2_500; i++) Write(log, i, $"{i:d5} {new string('x', 10_000)}");

        var lines = await Read(new(A.App, []));
        Assert.Equal(Enumerable.Range(0, 2_500), lines.Select(l => int.Parse(l.Text[..5])));
        var files = LogFile.Names(LogFile.PathFor(_home.Home, A.App, A.Web)).Where(File.Exists).ToList();
        Assert.Equal(3, files.Count);
        Assert.All(files, f => Assert.True(new FileInfo(f).Length <= 10 * 1024 * 1024));
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in files) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_tail_that_comes_back_after_several_rotations_has_every_line_once()
    {
        var log = Open("web");
        Write(log, 0, "first");
        using var tail = Tail();
        Assert.Equal("first", Assert.Single(tail.Read()).Text);
        // Three rotations, and the newest file is longer again than the one that was read.
        for (var i = 1; i <= 3_500; i++) Write(log, i, $"{i:d5} {new string('x', 10_000)}");

        Assert.Equal(Enumerable.Range(1, 3_500).Select(i => $"{i:d5}"), tail.Read().Select(l => l.Text[..5]));
        Write(log, 3_501, "last");
        Assert.Equal("last", Assert.Single(tail.Read()).Text);
    }

    [Fact]
    public async Task A_tail_while_somebody_writes_and_rotates_has_every_line_once()
    {
        const int lines = 6_000;
        var log = Open("web");
        using var tail = Tail();
        var seen = new List<int>();
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < lines; i++) Write(log, i, $"{i} {new string('x', 10_000)}");
        }, Cancel);
        while (!writing.IsCompleted) seen.AddRange(tail.Read().Select(Number));
        await writing;
        seen.AddRange(tail.Read().Select(Number));
        Assert.Equal(Enumerable.Range(0, lines), seen);

        static int Number(LogLine line) => int.Parse(line.Text[..line.Text.IndexOf(' ', StringComparison.Ordinal)]);
    }

    [Fact]
    public void The_last_lines_are_read_from_the_end_over_files_and_what_comes_after_them_is_next()
    {
        var log = Open("web");
        for (var i = 0; i < 2_500; i++) Write(log, i, $"{i:d5} {new string('x', 10_000)}");
        File.AppendAllText(LogFile.PathFor(_home.Home, A.App, A.Web), LogFile.Format(A.Moment, "web-1", Release, "halves")[..20]);

        using var tail = Tail();
        var back = tail.ReadBack();
        Assert.Equal(Enumerable.Range(0, 2_500).Reverse().Select(i => $"{i:d5}"), back.Select(l => l.Text[..5]));
        Assert.Empty(tail.Read());
        File.AppendAllText(LogFile.PathFor(_home.Home, A.App, A.Web), LogFile.Format(A.Moment, "web-1", Release, "halves")[20..]);
        Assert.Equal("halves", Assert.Single(tail.Read()).Text);
    }

    [Fact]
    public async Task The_last_lines_of_a_large_log_cost_a_small_read()
    {
        var log = Open("web");
        for (var i = 0; i < 1_500; i++) Write(log, i, $"{i:d5} {new string('x', 10_000)}");
        Write(Open("api"), 1_499, "other");
        await Read(new(A.App, [], Tail: 1));

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new LogReader(_home.Home, new(A.App, []));
        var last = reader.Last(3).ToList();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(["01498", "other", "01499"], last.Select(l => l.Text[..5]));
        Assert.InRange(allocated, 0, 1024 * 1024);
    }

    [Fact]
    public async Task Lines_since_a_time_are_those_of_every_service_from_then_on()
    {
        var web = Open("web");
        for (var i = 0; i < 2_500; i++) Write(web, i, $"{i:d5} {new string('x', 10_000)}");
        Write(Open("api"), 2_450, "within");
        var since = await Read(new(A.App, [], Since: A.Moment.AddSeconds(2_450)));
        Assert.Equal(["withi", "02450", "02451"], since.Take(3).Select(l => l.Text[..5]));
        Assert.Equal(51, since.Count);
    }

    [Fact]
    public async Task Lines_that_are_followed_come_in_the_order_of_time_however_their_services_take_turns()
    {
        const int each = 2_000;
        // What reads the clock and then gets no processor time for longer than a reader waits would be out of order.
        var turn = new Lock();
        var writing = Task.WhenAll(((string[])["web", "api", "worker"]).Select(Open).Select((log, number) => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                lock (turn) log.Write(TimeProvider.System, $"{number}", Release, $"{i}");
                if (i % 50 == 0) await Task.Delay(number + 1, Cancel);
            }
        }, Cancel)));

        var lines = new List<LogLine>();
        await foreach (var line in LogReader.Read(_home.Home, new(A.App, [], Follow: true), TimeProvider.System, Cancel))
        {
            lines.Add(line);
            if (lines.Count == 3 * each) break;
        }

        await writing;
        Assert.Equal(lines.Select(l => l.At).Order(), lines.Select(l => l.At));
        Assert.All(lines.GroupBy(l => l.Process), p => Assert.Equal(Enumerable.Range(0, each).Select(i => $"{i}"), p.Select(l => l.Text)));
    }

    [Fact]
    public void A_tail_goes_on_over_a_rotation_and_waits_for_the_end_of_a_line()
    {
        var log = Open("web");
        using var tail = Tail();
        var seen = new List<string>();
        for (var i = 0; i < 2_500; i++)
        {
            Write(log, i, $"{i:d5} {new string('x', 10_000)}");
            if (i % 100 == 0) seen.AddRange(tail.Read().Select(l => l.Text[..5]));
        }

        seen.AddRange(tail.Read().Select(l => l.Text[..5]));
        Assert.Equal(Enumerable.Range(0, 2_500).Select(i => $"{i:d5}"), seen);

        var whole = LogFile.Format(A.Moment, "web-1", Release, "halves");
        File.AppendAllText(LogFile.PathFor(_home.Home, A.App, A.Web), whole[..20]);
        Assert.Empty(tail.Read());
        File.AppendAllText(LogFile.PathFor(_home.Home, A.App, A.Web), whole[20..]);
        Assert.Equal("halves", Assert.Single(tail.Read()).Text);
    }

    [Fact]
    public async Task On_a_full_disk_lines_are_lost_and_counted_and_nobody_waits()
    {
        using var disk = new SmallDisk(1024);
        var home = new LocalHome(Path.Combine(disk.Path, "home"));
        using var log = new ServiceLog(home, Web, _ => { });
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
    public async Task A_log_that_is_emptied_while_it_is_written_begins_again_without_a_gap()
    {
        var log = Open("web");
        Write(log, 0, "before");
        await File.WriteAllTextAsync(LogFile.PathFor(_home.Home, A.App, A.Web), "", Cancel);
        Write(log, 1, "after");
        Assert.Equal(LogFile.Format(A.Moment.AddSeconds(1), "web-1", Release, "after"),
            await File.ReadAllTextAsync(LogFile.PathFor(_home.Home, A.App, A.Web), Cancel));
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_off_takes_no_other_with_it_and_foreign_files_are_no_logs()
    {
        var path = LogFile.PathFor(_home.Home, A.App, A.Web);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "2026-11-23T12:00:0", Cancel);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(path)!, "web of Monday.log"), "mine", Cancel);
        Write(Open("web"), 0, "after");
        Assert.Equal("after", Assert.Single(await Read(new(A.App, []))).Text);
    }

    [Fact]
    public async Task A_folder_of_logs_that_is_removed_is_made_again_where_a_file_is_full()
    {
        var log = Open("web");
        Write(log, 0, new string('x', 9 * 1024 * 1024));
        Directory.Delete(_home.Home.Logs, recursive: true);
        for (var i = 1; i <= 3; i++) Write(log, 0, new string((char)('a' + i), 2 * 1024 * 1024));
        Assert.Equal(["(1 line before this one could not be written)", "c", "d"],
            (await Read(new(A.App, []))).Select(l => l.Text[0] == '(' ? l.Text : l.Text[..1]));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    [InlineData("replaced")]
    public async Task A_log_that_is_removed_while_it_is_written_is_made_again_and_reported_once(string what)
    {
        var path = LogFile.PathFor(_home.Home, A.App, A.Web);
        HomeFolder.Create(_home.Home);
        await File.WriteAllTextAsync(_home.Home.DaemonLock, "", Cancel);
        var log = Open("web");
        Write(log, 0, "before");
        if (what == "folder") Directory.Delete(_home.Home.Logs, recursive: true);
        else File.Delete(path);
        if (what == "replaced") await File.WriteAllTextAsync(path, "", Cancel);

        foreach (var second in (int[])[2, 5, 12, 13]) Write(log, second, $"after {second}");

        Assert.Equal(["after 12", "after 13"], (await Read(new(A.App, []))).Select(l => l.Text));
        Assert.StartsWith($"{path} was removed or replaced: it is made again", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_that_is_taken_away_is_not_made_again_for_its_logs()
    {
        var log = Open("web");
        Write(log, 0, "before");
        Directory.Delete(_home.Home.Folder, recursive: true);
        for (var second = 2; second < 60; second += 2) Write(log, second, "after");
        Assert.False(Directory.Exists(_home.Home.Folder));
        Assert.Empty(_reports);
    }

    private ServiceLog Open(string service)
    {
        var log = new ServiceLog(_home.Home, new(A.App, ServiceName.Parse(service)), _reports.Add);
        _open.Add(log);
        return log;
    }

    private LogTail Tail() => new(LogFile.PathFor(_home.Home, A.App, A.Web), A.Web);

    private static void Write(ServiceLog log, int second, string text) =>
        log.Write(new FakeTimeProvider(A.Moment.AddSeconds(second)), "web-1", Release, text);

    private async Task<List<LogLine>> Read(LogQuery query, LocalHome? home = null)
    {
        var lines = new List<LogLine>();
        await foreach (var line in LogReader.Read(home ?? _home.Home, query, TimeProvider.System, Cancel)) lines.Add(line);
        return lines;
    }
}
