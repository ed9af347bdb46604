using Releases.Local.Tests.Processes;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What stops a rack, also where its file system turned read-only, and what starts it meanwhile, with the real tool.</summary>
public sealed class StoppedRackTests : IAsyncDisposable
{
    private readonly RealRack _real = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _real.DisposeAsync();

    [Fact]
    public async Task It_is_stopped_and_the_note_names_what_is_not_recorded_and_a_start_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can mount");
        Assert.Equal(0, (await _real.Tool("rack", "start")).Code);
        var daemon = LockHolder.Find(_real.Home)!.ProcessId;
        var folder = _real.Home.Folder;
        Assert.SkipUnless(SmallDisk.Bind(folder, folder), "can't mount here");
        try
        {
            Assert.True(SmallDisk.MakePlaceReadOnly(folder));

            var (stopped, said) = await _real.Tool("rack", "stop");

            var note = $"note: '{_real.Home.DaemonState}' is on a read-only file system, so the rack may start again with the next command.";
            Assert.Contains("Stopped the rack and its services.", said, StringComparison.Ordinal);
            Assert.Contains(note, said, StringComparison.Ordinal);
            Assert.Equal(0, stopped);
            Assert.True(ProcessTable.Find(daemon) is null or { IsDead: true });
            var (again, repeated) = await _real.Tool("rack", "stop");
            Assert.Equal(0, again);
            Assert.Contains("The rack wasn't running.", repeated, StringComparison.Ordinal);
            Assert.Contains(note, repeated, StringComparison.Ordinal);
            foreach (var words in (string[][])[["rack", "start"], ["rack", "restart"]])
            {
                var (refused, why) = await _real.Tool(words);
                Assert.Equal(1, refused);
                Assert.Contains($"error CONVOX0009: '{folder}' is on a read-only file system.", why, StringComparison.Ordinal);
            }
        }
        finally
        {
            SmallDisk.Unbind(folder);
        }

        Assert.Equal(0, (await _real.Tool("rack", "stop")).Code);
        Assert.False(File.Exists(_real.Home.DaemonState));
    }

    [Fact]
    public async Task A_start_while_the_rack_is_stopping_starts_it_again()
    {
        await using var rack = _real.Open();
        Assert.Equal(0, (await _real.Tool("rack", "start")).Code);
        var release = await _real.Release(rack, "termination: {grace: 3}", "HANG_ON_SIGTERM=1");
        Assert.Equal(0, (await _real.Tool("promote", $"{release.Id}", "--app", $"{A.App}")).Code);
        var ending = LockHolder.Find(_real.Home)!.ProcessId;
        var stopping = _real.Tool("rack", "stop");
        await Patience.Until(async () =>
            (await rack.Running.Processes(A.App, Cancel)).Any(p => p.Status is ProcessStatus.Draining or ProcessStatus.Stopping));

        Assert.Equal(0, (await _real.Tool("rack", "start")).Code);

        Assert.Equal(0, (await stopping).Code);
        Assert.NotEqual(ending, LockHolder.Find(_real.Home)!.ProcessId);
    }

    [Fact]
    public async Task A_restart_that_is_killed_leaves_a_rack_that_the_next_change_starts_again()
    {
        await using var rack = _real.Open();
        Assert.Equal(0, (await _real.Tool("rack", "start")).Code);
        var release = await _real.Release(rack, "termination: {grace: 3}", "HANG_ON_SIGTERM=1");
        Assert.Equal(0, (await _real.Tool("promote", $"{release.Id}", "--app", $"{A.App}")).Code);
        using var client = new DaemonClient(_real.Home, TimeProvider.System);
        using (var restart = StartedTool.Start(
            "/", new Dictionary<string, string> { ["CONVOX_HOME"] = _real.Home.Folder }, "rack", "restart"))
        {
            await Patience.Until(async () => await client.Status(Cancel) is { IsStopping: true });
            _ = NativeProcess.kill(restart.ProcessId, NativeProcess.SIGKILL);
        }

        await Patience.Until(() => LockHolder.Find(_real.Home) is null);
        Assert.Equal(0, (await _real.Tool("apps", "create", "other")).Code);

        await Patience.Until(async () => await client.Status(Cancel) is { IsStopping: false }
            && (await rack.Running.Processes(A.App, Cancel)).Any(p => p.Status == ProcessStatus.Healthy));
    }
}
