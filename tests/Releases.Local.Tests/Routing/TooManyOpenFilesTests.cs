using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>Alone: the limit is that of the whole process.</summary>
[Collection(nameof(TooManyOpenFilesTests))]
[CollectionDefinition(nameof(TooManyOpenFilesTests), DisableParallelization = true)]
public sealed partial class TooManyOpenFilesTests
{
    private const int OpenFiles = 7;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private const string Get = "GET / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n";

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task A_process_that_cannot_be_connected_to_has_nothing_in_flight_and_the_client_an_answer(int? loops)
    {
        var dead = new RouteTarget("web-dead", FreePort.Take());
        await using var running = await RunningRouter.Start(behindProxy: false, [dead], loops: loops);
        using var client = await RawConnection.To(running.DirectPort);
        // The code of both is loaded before files can no longer be opened.
        Assert.StartsWith("HTTP/1.1 502 ", await Ask(client), StringComparison.Ordinal);
        await using var pair = await RawPair.Start(loops: loops);
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        using var other = await pair.Connect();
        Assert.StartsWith("HTTP/1.1 200 ", await Ask(other), StringComparison.Ordinal);

        var answer = await WithoutFiles(() => Ask(other));

        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        var target = pair.Server.Target;
        Assert.Equal((0, 0, 0), (target.InFlight, target.Traffic.InFlight, target.Traffic.Read().Failed));
        Assert.StartsWith("HTTP/1.1 200 ", await Ask(other), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_process_is_to_blame_for_the_routers_own_lack_of_files_and_the_answer_names_the_limit(bool isHttp2)
    {
        var dead = new RouteTarget("web-dead", FreePort.Take());
        await using var broken = await RunningRouter.Start(dead);
        await using var server = new RawServer();
        await using var another = new RawServer();
        foreach (var process in new[] { server, another })
            process.RespondsWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using var running = await RunningRouter.Start(server.Target, another.Target);
        using var ofBroken = Client(broken);
        using var client = Client(running);
        // The code of all is loaded before files can no longer be opened.
        using (var refused = await ofBroken.GetAsync("/", Cancel)) Assert.Equal(502, (int)refused.StatusCode);
        Assert.Equal(1, dead.Traffic.Read().Failed);
        for (var i = 0; i < 4; i++) Assert.Equal("ok", await client.GetStringAsync("/", Cancel));

        var (status, text) = await WithoutFiles(async () =>
        {
            using var answer = await client.GetAsync("/", Cancel);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        });

        Assert.Equal((503, "The router can't connect to a process: its limit of open files is reached. "
            + "Raise the limit (ulimit -n; for a systemd unit, LimitNOFILE), then restart the rack.\n"), (status, text));
        foreach (var process in new[] { server, another })
        {
            Assert.Equal(0, process.Target.Traffic.Read().Failed);
            Assert.Equal(0, process.Target.InFlight);
        }

        Assert.Equal("ok", await client.GetStringAsync("/", Cancel));

        HttpClient Client(RunningRouter router)
        {
            var client = router.Client();
            client.DefaultRequestVersion = isHttp2 ? new(2, 0) : new(1, 1);
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return client;
        }
    }

    [Fact]
    public async Task Nothing_is_held_against_a_process_that_cannot_be_looked_at_and_it_can_be_ended()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        using var home = new TemporaryHome();
        HomeFolder.Create(home.Home);
        using var launcher = new ProcessLauncher();
        using var probe = new HealthProbe(TimeProvider.System);
        var number = FreePort.Take();
        var lines = new ConcurrentQueue<string>();
        var process = await new ServiceProcessStarter(launcher, BuiltTool.Command, new(home.Home), TimeProvider.System).Start(
            new("web-1", ["dotnet", SampleProcess.Program], home.Home.Folder,
                new Dictionary<string, string> { ["KESTREL"] = "1", ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{number}" }),
            (line, _) => lines.Enqueue(line));
        var port = new ProcessPort("web-1", process.ProcessId, number);
        var health = new HealthCheck { Path = "/health" };
        await Patience.Until(async () => (await new ProcessHealthCheck(probe).Check(port, health, Cancel)).Healthy);
        // The code of all is loaded before files can no longer be opened.
        Assert.True(process.IsAlive && port.IsUnchanged());
        ResidentMemory.Release();

        await WithoutFiles(async () =>
        {
            Assert.True(process.IsAlive);
            Assert.True(port.IsUnchanged());
            Assert.True((await new ProcessHealthCheck(probe).Check(port, health, Cancel)).IsUnknown);
            Assert.True((await probe.Check(number, health, Cancel)).IsUnknown);
            Assert.Empty(ListeningSockets.OwnedBy(process.ProcessId));
            ResidentMemory.Release();
            process.Kill();
            return 0;
        });

        Assert.Equal(128 + NativeProcess.SIGKILL, await process.Exited.WaitAsync(Patience.Limit, Cancel));
        Assert.False(process.IsAlive);
    }

    [Fact]
    public void The_work_of_a_timer_that_fails_is_reported_once_and_done_again()
    {
        var time = new FakeTimeProvider();
        var (runs, reports) = (0, new List<string>());
        using var timer = new BackgroundTimer(time, "counting", () =>
        {
            if (++runs < 3) throw new IOException("Too many open files : '/proc'");
        }, reports.Add, TimeSpan.FromSeconds(5));

        for (var i = 0; i < 10; i++) time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(3, runs);
        Assert.StartsWith("counting failed and is tried again: System.IO.IOException: Too many open files", Assert.Single(reports),
            StringComparison.Ordinal);
    }

    /// <summary>Does something while this process can open no file.</summary>
    private static async Task<T> WithoutFiles<T>(Func<Task<T>> work)
    {
        Assert.Equal(0, getrlimit(OpenFiles, out var limit));
        Assert.Equal(0, setrlimit(OpenFiles, limit with { Soft = 0 }));
        try
        {
            return await work();
        }
        finally
        {
            Assert.Equal(0, setrlimit(OpenFiles, limit));
        }
    }

    private static async Task<string> Ask(RawConnection client)
    {
        await client.Send(Get);
        var head = await client.Head();
        await client.Bytes(int.Parse(RawHead.Of(head).Value("content-length")!, null));
        return Encoding.ASCII.GetString(head);
    }

#pragma warning disable IDE1006, CA5392 // These are the C library's names.
    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limit limit);
#pragma warning restore IDE1006, CA5392

    private record struct Limit(ulong Soft, ulong Hard);
}
