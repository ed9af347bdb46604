using System.Net;
using System.Net.Sockets;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What a daemon with few open files does, with the real tool.</summary>
public sealed class OpenFilesTests : IAsyncDisposable
{
    private const int Clients = 500;

    private readonly RealRack _real = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _real.DisposeAsync();

    [Fact]
    public async Task More_clients_than_open_files_wait_and_are_answered_and_every_process_lives()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the limits of Linux");
        await using var rack = LocalRack.Open(_real.Home, "local", TimeProvider.System);
        Assert.Equal(0, (await _real.Tool(400, "rack", "start")).Code);
        var (code, promoted) = await _real.Tool("promote", $"{(await _real.Release(rack)).Id}", "--app", $"{A.App}");
        Assert.Equal(0, code);
        var before = Assert.Single(await rack.Running.Processes(A.App, Cancel));
        var daemon = LockHolder.Find(_real.Home)!.ProcessId;
        var port = new Uri(promoted.Split(' ').First(w => w.StartsWith("http://127.0.0.1:", StringComparison.Ordinal))).Port;

        // Each takes the time in which many others come.
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Ask(port, "/slow?ms=1000")));

        Assert.All(answers, a => Assert.StartsWith("HTTP/1.1 200 ", a, StringComparison.Ordinal));
        // Idle ones, which send nothing.
        var idle = new List<Socket>();
        for (var i = 0; i < Clients; i++) idle.Add(await Connect(port));
        var after = Assert.Single(await rack.Running.Processes(A.App, Cancel));
        Assert.Equal((before.Id, before.ProcessId, ProcessStatus.Healthy), (after.Id, after.ProcessId, after.Status));
        foreach (var client in idle) client.Dispose();
        Assert.StartsWith("HTTP/1.1 200 ", await Ask(port, "/health"), StringComparison.Ordinal);
        Assert.Equal(daemon, LockHolder.Find(_real.Home)!.ProcessId);
        var log = await File.ReadAllTextAsync(_real.Home.DaemonLog, Cancel);
        Assert.Contains("clients are connected, the most with a limit of 400 open files", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rack start")]
    [InlineData("rack restart")]
    public async Task A_rack_that_could_run_no_process_is_not_started_and_none_is_stopped(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the limits of Linux");
        var running = command == "rack restart" ? (await _real.Tool("rack", "start")).Code : 0;
        var daemon = LockHolder.Find(_real.Home)?.ProcessId;

        var (code, shown) = await _real.Tool(128, command.Split(' '));

        Assert.Equal((0, 1), (running, code));
        Assert.Contains(
            "the rack can't start here: a process may have only 128 open files, and the rack needs at least 256. Nothing changed. "
                + "Raise the limit (ulimit -n; for a systemd unit, LimitNOFILE), then run the command again.",
            shown, StringComparison.Ordinal);
        Assert.Equal(daemon, LockHolder.Find(_real.Home)?.ProcessId);
    }

    private static async Task<Socket> Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancel);
        return socket;
    }

    private static async Task<string> Ask(int port, string path)
    {
        using var socket = await Connect(port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(Cancel);
    }
}
