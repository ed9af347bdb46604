using Releases.Local.Tests.Processes;
using Releases.Local.Tests.Storage;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What becomes of a running rack if the daemon that a restart would start can't run, with the real tool.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private readonly Dictionary<string, string> _variables = [];

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

    public enum Fault
    {
        RouterSettings,
        RouterSettingsAreAFolder,
        PortRange,
        KeptPorts,
        KeptPortsAreAFolder,
        FolderOfEveryone,
    }

    [Theory]
    [InlineData(Fault.RouterSettings, ProblemCode.RouterSettings, "router.json isn't valid (line 2): it must be like ")]
    [InlineData(Fault.RouterSettingsAreAFolder, ProblemCode.RouterSettings, "router.json can't be read: it is a folder.")]
    [InlineData(Fault.PortRange, ProblemCode.ProcessPorts, "CONVOX_PORTS is 'abc', not a range of ports.")]
    [InlineData(Fault.KeptPorts, ProblemCode.DamagedStore, "ports.json is damaged, so the ports of the rack ")]
    [InlineData(Fault.KeptPortsAreAFolder, ProblemCode.DamagedStore, "ports.json can't be read: it is a folder, so the ports ")]
    [InlineData(Fault.FolderOfEveryone, ProblemCode.Daemon, "so the daemon can't trust requests there.")]
    public async Task Settings_that_a_daemon_refuses_are_reported_before_the_running_one_is_stopped(Fault fault, string code, string why)
    {
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        var daemon = LockHolder.Find(_home.Home)!.ProcessId;
        Make(fault);

        var (exit, talk) = await Tool("rack", "restart");
        Assert.Equal(1, exit);
        Assert.StartsWith($"error {code}: ", talk, StringComparison.Ordinal);
        Assert.Contains(why, talk, StringComparison.Ordinal);
        Assert.Contains(" Nothing changed: the rack keeps running.", talk, StringComparison.Ordinal);
        Assert.Equal(daemon, LockHolder.Find(_home.Home)?.ProcessId);

        Assert.Equal(0, (await Tool("rack", "stop")).Code);
        foreach (var command in (string[])["start", "restart"])
        {
            (exit, talk) = await Tool("rack", command);
            Assert.Equal(1, exit);
            Assert.StartsWith($"error {code}: ", talk, StringComparison.Ordinal);
            Assert.Contains(why, talk, StringComparison.Ordinal);
            Assert.DoesNotContain("keeps running", talk, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rack_that_was_stopped_and_does_not_start_again_is_reported_as_down()
    {
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        // Nothing but a start itself finds out.
        File.Delete(_home.Home.DaemonLog);
        Directory.CreateDirectory(_home.Home.DaemonLog);

        var (exit, talk) = await Tool("rack", "restart");
        Assert.Equal(4, exit);
        Assert.Contains($"error {ProblemCode.Daemon}: the daemon of {_home.Home.Folder} exited with code ", talk, StringComparison.Ordinal);
        Assert.Contains(" The rack was stopped for the restart, and its services are down. ", talk, StringComparison.Ordinal);
        Assert.EndsWith("Start the rack: dotnet convox rack start", talk.TrimEnd(), StringComparison.Ordinal);

        (exit, talk) = await Tool("rack", "start");
        Assert.Equal(1, exit);
        Assert.DoesNotContain("was stopped for the restart", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_that_is_interrupted_once_it_has_begun_starts_the_rack_again()
    {
        Assert.Equal(0, (await Tool("rack", "start")).Code);
        var before = LockHolder.Find(_home.Home)!.ProcessId;
        using var interruption = new CancellationTokenSource();
        using var client = new DaemonClient(_home.Home, TimeProvider.System);
        var copy = new ToolCopy(_home.Home, BuiltTool.Command, TimeProvider.System);
        var daemon = new LocalDaemon(_home.Home, "local", client, copy, new InterruptingTime(interruption));

        var status = await daemon.Restart(interruption.Token);

        Assert.True(interruption.IsCancellationRequested);
        Assert.Equal(RackState.Running, status.State);
        Assert.NotEqual(before, status.Pid);
        Assert.Equal(status.Pid, LockHolder.Find(_home.Home)?.ProcessId);
    }

    private void Make(Fault fault)
    {
        var home = _home.Home;
        if (fault == Fault.RouterSettings) File.WriteAllText(home.RouterSettings, "{\n  behindProxy: true\n}");
        if (fault == Fault.RouterSettingsAreAFolder) Directory.CreateDirectory(home.RouterSettings);
        if (fault == Fault.PortRange) _variables["CONVOX_PORTS"] = "abc";
        if (fault is Fault.KeptPorts) File.WriteAllText(home.Ports, "garbage");
        if (fault == Fault.KeptPortsAreAFolder)
        {
            File.Delete(home.Ports);
            Directory.CreateDirectory(home.Ports);
        }

        if (fault == Fault.FolderOfEveryone && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(home.Folder, File.GetUnixFileMode(home.Folder) | UnixFileMode.GroupWrite);
    }

    private async Task<(int Code, string Talk)> Tool(params string[] words)
    {
        using var tool = StartedTool.Start(
            _home.Home.Folder, new Dictionary<string, string>(_variables) { ["CONVOX_HOME"] = _home.Home.Folder }, words);
        await new StreamReader(tool.Output).ReadToEndAsync(Cancel);
        return await tool.End(Cancel);
    }

    /// <summary>A clock that interrupts whoever waits for it.</summary>
    private sealed class InterruptingTime(CancellationTokenSource interruption) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            interruption.Cancel();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
