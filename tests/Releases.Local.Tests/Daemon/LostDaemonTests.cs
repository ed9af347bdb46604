using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Releases.Local.Tests.Processes;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What commands know of a daemon whose socket or state file is gone or damaged, with the real tool.</summary>
public sealed class LostDaemonTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        HomeFolder.Create(_home.Home);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Tool("rack", "stop");
        _home.Dispose();
    }

    public enum How
    {
        Removed,
        Empty,
        Garbage,
        OfAnotherHome,
        AFolder,
        AFolderWithFiles,
        WithoutPermissions,
    }

    public static TheoryData<string, How> Damages()
    {
        var all = new TheoryData<string, How>();
        foreach (var name in (string[])["daemon.sock", "daemon.json"])
            foreach (var how in Enum.GetValues<How>()) all.Add(name, how);
        return all;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_daemon_whose_socket_or_state_is_lost_is_found_and_stopped(string name, How how)
    {
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        var daemon = LockHolder.Find(_home.Home)!;
        Damage(name == "daemon.sock" ? DaemonSocket.Path(_home.Home) : _home.Home.DaemonState, how);

        // The daemon gets some seconds to listen again, which a busy machine may not give it.
        var shown = "";
        await Patience.Until(async () =>
        {
            (var code, shown) = await Tool("rack", "--json");
            return code == 0;
        });
        var rack = JsonDocument.Parse(shown).RootElement;
        Assert.Equal(("running", daemon.ProcessId), (rack.GetProperty("status").GetString(), rack.GetProperty("pid").GetInt32()));
        await Patience.Until(() => new DaemonStateFile(_home.Home).Read()?.ProcessId == daemon.ProcessId);
        Assert.Equal(0, (await Tool("rack", "stop")).Code);
        await Patience.Until(() => ProcessTable.Find(daemon.ProcessId) is null or { IsDead: true });
        Assert.False(File.Exists(_home.Home.DaemonState));
    }

    [Fact]
    public async Task The_log_of_a_daemon_that_was_removed_is_made_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        File.Delete(_home.Home.DaemonLog);
        await Patience.Until(() => File.Exists(_home.Home.DaemonLog));
        Assert.Equal(0, (await Tool("rack", "stop")).Code);
        var lines = await File.ReadAllLinesAsync(_home.Home.DaemonLog, Cancel);
        Assert.EndsWith($" {_home.Home.DaemonLog} was removed: it is made again", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" stopped", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_daemon_that_cannot_answer_is_named_and_ends_by_a_signal(bool socketIsGone)
    {
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        var daemon = LockHolder.Find(_home.Home)!;
        Assert.True(daemon.IsDaemon);
        await SuspendedProcess.Suspend(daemon.ProcessId);
        if (socketIsGone) File.Delete(DaemonSocket.Path(_home.Home));
        var time = new HastyTime(100);
        using var client = new DaemonClient(_home.Home, time);
        var local = LocalDaemon.Of(_home.Home, "local", client, time);

        await RequireNamed(daemon, () => local.Status(Cancel));
        Assert.False(local.IsStopped());
        Assert.True((await local.Stop(Cancel)).WasRunning);
        Assert.True(local.IsStopped());
    }

    [Fact]
    public async Task Every_request_to_a_daemon_that_stays_silent_names_it()
    {
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        var daemon = LockHolder.Find(_home.Home)!;
        await SuspendedProcess.Suspend(daemon.ProcessId);
        await using var rack = LocalRack.Open(_home.Home, "local", new HastyTime(100));
        var app = AppName.Parse("shop");

        await RequireNamed(daemon, () => rack.Running.Services(app, Cancel));
        await RequireNamed(daemon, () => rack.Running.Processes(app, Cancel));
        await RequireNamed(daemon, () => rack.Metrics!.Read(app, TimeSpan.FromHours(1), Cancel));
        await RequireNamed(daemon, () => rack.Driver.KeepDriven(app, Cancel));
        await RequireNamed(daemon, () => rack.Daemon!.Start(Cancel));
        await RequireNamed(daemon, () => rack.Daemon!.ServeMetrics(9464, Cancel));
        Assert.Null(rack.Daemon!.MetricsAddress);
    }

    [Fact]
    public async Task A_daemon_that_heeds_no_signal_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the list of locks");
        using var silent = SilentSocket();
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true };
        foreach (var word in (string[])["-c", "trap '' TERM; exec flock -o \"$0\" sh -c 'read end' __daemon", _home.Home.DaemonLock])
            start.ArgumentList.Add(word);
        using var deaf = Process.Start(start)!;
        await Patience.Until(() => LockHolder.Find(_home.Home) is { IsDaemon: true });
        var time = new HastyTime(120);
        using var client = new DaemonClient(_home.Home, time);

        var killed = (await Assert.ThrowsAsync<ProblemException>(() => LocalDaemon.Of(_home.Home, "local", client, time).Stop(Cancel)))
            .Problems[0];
        Assert.StartsWith($"the daemon (process {deaf.Id}) neither answered nor ended, so it was killed; ", killed.Message,
            StringComparison.Ordinal);
        deaf.StandardInput.Close();
        await deaf.WaitForExitAsync(Cancel);
        Assert.Equal(NativeProcess.Ended(NativeProcess.SIGKILL), deaf.ExitCode);
    }

    [Fact]
    public async Task A_home_that_a_restore_has_alone_is_not_taken_for_a_daemon()
    {
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        var local = LocalDaemon.Of(_home.Home, "local", client, new HastyTime(100));
        using (FileLock.TryTake(_home.Home.DaemonLock))
        {
            var problem = (await Assert.ThrowsAsync<ProblemException>(() => local.Stop(Cancel))).Problems[0];
            Assert.Equal(
                $"process {Environment.ProcessId} is using the rack's home {_home.Home.Folder} alone, as a restore does. "
                    + "Wait until it has finished.", problem.Sentence);
        }

        Assert.False((await local.Stop(Cancel)).WasRunning);
    }

    [Fact]
    public async Task A_stop_waits_for_a_start_that_is_under_way_and_no_follower_takes_the_rack_for_stopped()
    {
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        var local = LocalDaemon.Of(_home.Home, "local", client, TimeProvider.System);
        Assert.True(local.IsStopped());
        Task<StoppedRack> stopping;
        using (FileLock.TryTake(_home.Home.StartLock))
        {
            Assert.False(local.IsStopped());
            stopping = local.Stop(Cancel);
            Assert.False(stopping.IsCompleted);
        }

        Assert.False((await stopping).WasRunning);
        Assert.True(local.IsStopped());
    }

    [Fact]
    public async Task A_start_of_another_command_that_does_not_end_is_named_and_not_waited_for_forever()
    {
        var time = new HastyTime(10_000);
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        var local = LocalDaemon.Of(_home.Home, "local", client, time);
        var notes = new List<string>();
        local.Waiting = notes.Add;
        using var held = FileLock.TryTake(_home.Home.StartLock);

        foreach (var command in (Func<Task>[])[() => local.Stop(Cancel), () => local.Start(Cancel), () => local.Restart(Cancel)])
        {
            var problem = (await Assert.ThrowsAsync<ProblemException>(command)).Problems[0];
            Assert.Equal(
                (ProblemCode.Daemon, $"process {Environment.ProcessId} has been starting or restarting the rack for more than 7m."),
                (problem.Code, problem.Message));
        }

        Assert.Equal(Enumerable.Repeat($"waiting for process {Environment.ProcessId} to start the rack", 3), notes);
    }

    private static void Damage(string file, How how)
    {
        if (how == How.WithoutPermissions)
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.None);
            return;
        }

        File.Delete(file);
        if (how is How.AFolder or How.AFolderWithFiles) Directory.CreateDirectory(file);
        if (how == How.AFolderWithFiles) File.WriteAllText(Path.Combine(file, "mine"), "");
        if (how == How.Empty) File.WriteAllText(file, "");
        if (how == How.Garbage) File.WriteAllText(file, "garbage");
        if (how == How.OfAnotherHome)
            File.WriteAllText(
                file,
                """{"processId":1,"version":"0.0.9","socket":"/elsewhere","routerPort":1,"startedAt":"2026-11-23T12:00:00Z"}""");
    }

    private async Task RequireNamed(LockHolder daemon, Func<Task> ask)
    {
        var problem = (await Assert.ThrowsAsync<ProblemException>(ask)).Problems[0];
        Assert.Equal(
            (ProblemCode.Daemon, $"the rack's daemon (process {daemon.ProcessId}) is running, but it doesn't answer at "
                + $"{DaemonSocket.Path(_home.Home)}. Stop it: dotnet convox rack stop"), (problem.Code, problem.Sentence));
    }

    private Socket SilentSocket()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(DaemonSocket.Path(_home.Home)));
        listener.Listen();
        return listener;
    }

    private async Task<(int Code, string Out)> Tool(params string[] words)
    {
        using var tool = StartedTool.Start(
            _home.Home.Folder, new Dictionary<string, string> { ["CONVOX_HOME"] = _home.Home.Folder }, words);
        var output = await new StreamReader(tool.Output).ReadToEndAsync(Cancel);
        var (code, errors) = await tool.End(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', words) + "\n" + output + errors);
        return (code, output);
    }

    /// <summary>
    /// A clock of which a second passes at each look, up to a number of seconds, and whose timers are due in a fiftieth of their time.
    /// </summary>
    private sealed class HastyTime(int most) : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Math.Min(Interlocked.Increment(ref _looks), most);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 50, period);
    }
}
