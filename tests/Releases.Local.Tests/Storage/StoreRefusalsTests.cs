using Microsoft.Data.Sqlite;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

public sealed class StoreRefusalsTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_home_and_its_database_are_its_users_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        await using var store = _home.OpenStore();
        await store.App(cancel: Cancel);
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(_home.Home.Folder), 8));
        foreach (var file in Directory.GetFiles(_home.Home.Folder))
            Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(file), 8));
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        Directory.CreateDirectory(_home.Home.Folder);
        File.WriteAllText(_home.Home.Database, string.Concat(Enumerable.Repeat("This is not a database. ", 1000)));
        Assert.Contains(_home.Home.Database, Refusal(ProblemCode.DamagedStore).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_is_damaged_is_a_damaged_store_and_not_a_crash()
    {
        await using (var store = _home.OpenStore()) await store.App(cancel: Cancel);
        Execute("UPDATE apps SET document = '{'");
        await using var again = _home.OpenStore();
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => again.FindApp(A.App, Cancel));
        Assert.Equal(ProblemCode.DamagedStore, thrown.Problems[0].Code);
    }

    [Fact]
    public async Task A_store_that_only_newer_versions_may_write_can_still_be_read()
    {
        await using var store = _home.OpenStore();
        await store.Release(cancel: Cancel);
        Execute("UPDATE rack SET format = 2, writer = 2");

        Assert.Single(await store.ListReleases(A.App, 10, cancel: Cancel));
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => store.Release(cancel: Cancel));
        Assert.Equal(ProblemCode.NewerFormat, thrown.Problems[0].Code);
        Assert.Contains("can still be read", thrown.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_only_newer_versions_may_read_is_refused()
    {
        await using (var store = _home.OpenStore()) await store.App(cancel: Cancel);
        Execute("UPDATE rack SET format = 2, reader = 2, writer = 2");
        Refusal(ProblemCode.NewerFormat);
    }

    [Fact]
    public void A_home_on_a_read_only_disk_cannot_be_written()
    {
        using var disk = new SmallDisk(1024);
        disk.MakeReadOnly();
        var thrown = Assert.Throws<ProblemException>(() => SqliteReleaseStore.Open(new(Path.Combine(disk.Path, "convox"))));
        Assert.Equal(ProblemCode.HomeNotWritable, thrown.Problems[0].Code);
        Assert.Equal(
            $"'{disk.Path}/convox' is on a read-only file system. Mount it for writing, or choose another home (CONVOX_HOME or --rack local:<folder>).",
            thrown.Problems[0].Sentence);
    }

    [Fact]
    public async Task On_a_full_disk_a_rack_that_is_down_is_not_said_to_be_running()
    {
        using var disk = new SmallDisk(1024);
        var home = new LocalHome(Path.Combine(disk.Path, "convox"));
        HomeFolder.Create(home);
        disk.Fill(leave: 0);
        using var client = new DaemonClient(home, TimeProvider.System);
        var daemon = LocalDaemon.Of(home, "local", client, TimeProvider.System);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => daemon.Start(Cancel));
        Assert.Equal(
            (ProblemCode.DiskFull, $"the disk under '{home.Folder}' is full, so the rack can't start and its services aren't running. "
                + "What was stored before is unaffected."), (refused.Problems[0].Code, refused.Problems[0].Message));
    }

    [Fact]
    public async Task On_a_full_disk_a_write_is_refused_and_what_was_there_stays()
    {
        using var disk = new SmallDisk(1024);
        await using var store = SqliteReleaseStore.Open(new(Path.Combine(disk.Path, "convox")));
        var before = await store.Release(cancel: Cancel);
        disk.Fill(leave: 0);

        var thrown = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            for (var i = 0; i < 100; i++) await store.Release(description: new('x', 20_000), cancel: Cancel);
        });

        Assert.Equal(ProblemCode.DiskFull, thrown.Problems[0].Code);
        Assert.Equal(before.Id, (await store.ListReleases(A.App, 1000, cancel: Cancel))[^1].Id);
        disk.Empty();
        await store.Release(cancel: Cancel);
    }

    [Fact]
    public async Task A_store_that_was_opened_on_a_full_disk_reads_and_writes_what_is_new_once_there_is_room()
    {
        using var disk = new SmallDisk(1024);
        var home = new LocalHome(Path.Combine(disk.Path, "convox"));
        await using (var store = SqliteReleaseStore.Open(home)) await store.App(cancel: Cancel);
        disk.Fill(leave: 0);
        await using var opened = SqliteReleaseStore.OpenOrReadOnly(home);
        Assert.Single(await opened.ListApps(Cancel));
        var full = await Assert.ThrowsAsync<ProblemException>(() => opened.CreateApp(AppName.Parse("other"), A.Event(), Cancel));
        Assert.Equal(ProblemCode.DiskFull, full.Problems[0].Code);

        disk.Empty();
        await using (var store = SqliteReleaseStore.Open(home)) await store.CreateApp(AppName.Parse("theirs"), A.Event(), Cancel);

        Assert.Equal(2, (await opened.ListApps(Cancel)).Count);
        await opened.CreateApp(AppName.Parse("other"), A.Event(), Cancel);
        Assert.Equal(3, (await opened.ListApps(Cancel)).Count);
    }

    [Theory]
    [InlineData(5, ProblemCode.StoreBusy, "was in use by another process", true)]
    [InlineData(6, ProblemCode.StoreBusy, "was in use by another process", true)]
    [InlineData(15, ProblemCode.StoreBusy, "was in use by another process", true)]
    [InlineData(7, ProblemCode.StoreBusy, "there is not enough memory", true)]
    [InlineData(10 | (12 << 8), ProblemCode.StoreBusy, "there is not enough memory", true)]
    [InlineData(10, ProblemCode.HomeNotWritable, "the disk under ", false)]
    [InlineData(10 | (1 << 8), ProblemCode.HomeNotWritable, "fails: it can't be read or written", false)]
    [InlineData(10 | (15 << 8), ProblemCode.HomeNotWritable, "refuses locks", false)]
    [InlineData(10 | (19 << 8), ProblemCode.DiskFull, "is full", false)]
    [InlineData(8 | (4 << 8), ProblemCode.HomeNotWritable, "was moved or replaced", false)]
    [InlineData(13, ProblemCode.DiskFull, "is full", false)]
    [InlineData(22, ProblemCode.DiskFull, "is full", false)]
    [InlineData(3, ProblemCode.HomeNotWritable, "this user can't", false)]
    [InlineData(8, ProblemCode.HomeNotWritable, "this user can't", false)]
    [InlineData(14, ProblemCode.HomeNotWritable, "this user can't", false)]
    [InlineData(11, ProblemCode.DamagedStore, "is damaged", false)]
    [InlineData(24, ProblemCode.DamagedStore, "is damaged", false)]
    [InlineData(26, ProblemCode.DamagedStore, "is damaged", false)]
    public void Each_failure_of_sqlite_that_comes_from_outside_is_a_sentence(int extended, string code, string says, bool isTransient)
    {
        HomeFolder.Create(_home.Home);
        var problem = SqliteProblems.From(new SqliteException("a message", extended & 0xFF, extended), _home.Home.Database)!;
        Assert.Equal((code, isTransient), (problem.Code, problem.IsTransient));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(8)]
    [InlineData(14)]
    public void On_a_disk_that_turned_read_only_a_failure_of_sqlite_names_the_disk(int primary)
    {
        using var disk = new SmallDisk(1024);
        var home = new LocalHome(Path.Combine(disk.Path, "convox"));
        HomeFolder.Create(home);
        disk.MakeReadOnly();
        Assert.Equal(
            $"'{home.Database}' is on a read-only file system.",
            SqliteProblems.From(new SqliteException("a message", primary, primary), home.Database)!.Message);
    }

    private Problem Refusal(string code)
    {
        var problem = Assert.Throws<ProblemException>(() => _home.OpenStore()).Problems[0];
        Assert.Equal(code, problem.Code);
        return problem;
    }

    [Fact]
    public async Task A_rack_of_an_older_version_gets_the_table_that_it_lacks()
    {
        await using (var store = _home.OpenStore()) await store.Release(cancel: Cancel);
        Execute("DROP TABLE build_logs");
        await using var later = _home.OpenStore();
        var build = A.Build();
        await later.AppendBuildLog(A.App, build.Id, 0, "compiled\n", Cancel);
        Assert.Equal(["compiled\n"], await later.ReadBuildLog(A.App, build.Id, cancel: Cancel));
        Assert.Single(await later.ListReleases(A.App, 10, cancel: Cancel));
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_home.Home.Database};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
