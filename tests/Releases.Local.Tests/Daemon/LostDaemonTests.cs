using System.Globalization;
using System.Text.Json;
using Releases.Local.Tests.Processes;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What commands know of a daemon whose socket or state file is gone or damaged, with the real tool.</summary>
public sealed class LostDaemonTests : IAsyncLifetime
{
    private const int Stop = 19;
    private const int Continue = 18;

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

        var (code, shown) = await Tool("rack", "--json");
        Assert.Equal(0, code);
        var rack = JsonDocument.Parse(shown).RootElement;
        Assert.Equal(("running", daemon.ProcessId), (rack.GetProperty("status").GetString(), rack.GetProperty("pid").GetInt32()));
        await Patience.Until(() => new DaemonStateFile(_home.Home).Read()?.ProcessId == daemon.ProcessId);
        Assert.Equal(0, (await Tool("rack", "stop")).Code);
        await Patience.Until(() => ProcessTable.Find(daemon.ProcessId) is null or { IsDead: true });
        Assert.False(File.Exists(_home.Home.DaemonState));
    }

    [Fact]
    public async Task A_daemon_that_cannot_answer_is_named_and_ends_by_a_signal()
    {
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        var daemon = LockHolder.Find(_home.Home)!;
        Assert.True(daemon.IsDaemon);
        _ = NativeProcess.kill(daemon.ProcessId, Stop);
        File.Delete(DaemonSocket.Path(_home.Home));
        using var client = new DaemonClient(_home.Home);
        var local = LocalDaemon.Of(_home.Home, "local", client, new HastyTime());

        var problem = (await Assert.ThrowsAsync<ProblemException>(() => local.Status(Cancel))).Problems[0];
        Assert.Equal(
            (ProblemCode.Daemon, $"the rack's daemon (process {daemon.ProcessId}) is running, but it doesn't answer at "
                + $"{DaemonSocket.Path(_home.Home)}. Stop it: dotnet convox rack stop"), (problem.Code, problem.Sentence));
        Assert.False(local.IsStopped());

        var stopping = local.Stop(Cancel);
        // The bit of SIGTERM, which waits until the process runs again.
        await Patience.Until(() => (Pending(daemon.ProcessId) & 0x4000) != 0);
        _ = NativeProcess.kill(daemon.ProcessId, Continue);
        Assert.True(await stopping);
        Assert.True(local.IsStopped());
    }

    [Fact]
    public async Task A_home_that_a_restore_has_alone_is_not_taken_for_a_daemon()
    {
        using var client = new DaemonClient(_home.Home);
        var local = LocalDaemon.Of(_home.Home, "local", client, new HastyTime());
        using (DaemonLock.TryTake(_home.Home))
        {
            var problem = (await Assert.ThrowsAsync<ProblemException>(() => local.Stop(Cancel))).Problems[0];
            Assert.Equal(
                $"process {Environment.ProcessId} is using the rack's home {_home.Home.Folder} alone, as a restore does. "
                    + "Wait until it has finished.", problem.Sentence);
        }

        Assert.False(await local.Stop(Cancel));
    }

    [Fact]
    public async Task A_stop_waits_for_a_start_that_is_under_way_and_no_follower_takes_the_rack_for_stopped()
    {
        using var client = new DaemonClient(_home.Home);
        var local = LocalDaemon.Of(_home.Home, "local", client, TimeProvider.System);
        Assert.True(local.IsStopped());
        Task<bool> stopping;
        using (FileLock.TryTake(_home.Home.StartLock))
        {
            Assert.False(local.IsStopped());
            stopping = local.Stop(Cancel);
            Assert.False(stopping.IsCompleted);
        }

        Assert.False(await stopping);
        Assert.True(local.IsStopped());
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

    /// <summary>The signals that a process hasn't received yet, as bits.</summary>
    private static long Pending(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith("ShdPnd:", StringComparison.Ordinal)).Split('\t')[1],
        NumberStyles.HexNumber, CultureInfo.InvariantCulture);

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
    /// A clock of which a second passes at each look, twenty at most: the limit of an answer is met, that of a stop isn't.
    /// </summary>
    private sealed class HastyTime : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Math.Min(Interlocked.Increment(ref _looks), 20);
    }
}
