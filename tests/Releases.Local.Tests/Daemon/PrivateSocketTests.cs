using System.Diagnostics;
using System.Runtime.Versioning;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>Who may use the daemon's socket from the moment at which it is there, with the real tool.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateSocketTests : IAsyncDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly RealRack _real = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Socket => DaemonSocket.Path(_real.Home);

    public ValueTask DisposeAsync() => _real.DisposeAsync();

    [Fact]
    public async Task Whatever_the_umask_it_is_its_users_alone_from_the_first_moment_and_gone_when_the_daemon_is()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        // A thread of its own reads as often as it can.
        var seen = new HashSet<UnixFileMode>();
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                if (FileStat.Of(Socket) is { } socket) seen.Add(socket.Permissions);
        })
        { IsBackground = true };
        reader.Start();
        for (var i = 0; i < 5; i++)
        {
            await Start();
            Assert.Equal(0, (await _real.Tool("rack", "stop")).Code);
            Assert.False(Path.Exists(Socket));
            Assert.False(Path.Exists(DaemonSocket.MakingFolder(_real.Home)));
        }

        await stop.CancelAsync();
        reader.Join();
        Assert.Equal(Private, Assert.Single(seen));
    }

    [Fact]
    public void Where_it_is_made_no_path_is_longer()
    {
        foreach (var home in (LocalHome[])[_real.Home, new($"/{new string('a', 91)}"), new($"/{new string('a', 200)}")])
            Assert.True($"{DaemonSocket.MakingFolder(home)}/s".Length <= DaemonSocket.Path(home).Length);
    }

    private async Task Start()
    {
        var start = new ProcessStartInfo(
            "sh", ["-c", "umask 000; exec \"$0\" \"$@\"", BuiltTool.Command.Program, .. BuiltTool.Command.Arguments, "rack", "start"]);
        start.Environment["CONVOX_HOME"] = _real.Home.Folder;
        using var tool = Process.Start(start)!;
        await tool.WaitForExitAsync(Cancel);
        Assert.Equal(0, tool.ExitCode);
    }
}
