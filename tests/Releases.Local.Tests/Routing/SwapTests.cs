using System.Net.WebSockets;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

public sealed class SwapTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Twenty_clients_see_no_failure_while_processes_are_replaced_under_them()
    {
        var old = await SampleProcess.Start(("RELEASE", "R0"));
        await using var running = await RunningRouter.Start(old.Target);
        using var done = new CancellationTokenSource();
        var answers = Enumerable.Range(0, 20).Select(_ => new SharedList<string>()).ToList();
        var clients = answers.Select(own => Task.Run(() => AskUntil(running, own, done.Token))).ToList();

        for (var release = 1; release <= 4; release++)
        {
            await Patience.Until(() => answers.All(own => own.Contains($"R{release - 1}")));
            var next = await SampleProcess.Start(("RELEASE", $"R{release}"));
            running.Publish(next.Target);
            Assert.True(await running.Router.Drained(old.Target, Long));
            await old.Stop();
            await old.DisposeAsync();
            old = next;
        }

        await done.CancelAsync();
        await Task.WhenAll(clients);
        await old.DisposeAsync();
        Assert.All(answers, seen => Assert.Equal(["R0", "R1", "R2", "R3", "R4"], seen.Distinct()));
    }

    [Fact]
    public async Task Draining_waits_for_a_request_in_flight()
    {
        await using var old = await SampleProcess.Start(("RELEASE", "R1"));
        await using var next = await SampleProcess.Start(("RELEASE", "R2"));
        await using var running = await RunningRouter.Start(old.Target);
        using var client = running.Client();
        var slow = client.GetStringAsync("/slow?ms=4000");
        await Patience.Until(() => old.Target.InFlight == 1);

        running.Publish(next.Target);
        var drained = running.Router.Drained(old.Target, Long);

        Assert.False(drained.IsCompleted);
        Assert.Equal("R2", await client.GetStringAsync("/"));
        Assert.Equal("R1", await slow);
        Assert.True(await drained);
    }

    [Fact]
    public async Task Draining_ends_at_its_limit()
    {
        await using var old = await SampleProcess.Start();
        await using var running = await RunningRouter.Start(old.Target);
        using var client = running.Client();
        using var leave = new CancellationTokenSource();
        var slow = client.GetStringAsync("/slow?ms=60000", leave.Token);
        await Patience.Until(() => old.Target.InFlight == 1);
        running.Publish();

        Assert.False(await running.Router.Drained(old.Target, TimeSpan.FromMilliseconds(1)));

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.True(await running.Router.Drained(old.Target, Long));
    }

    [Fact]
    public async Task A_web_socket_outlives_the_swap_does_not_hold_the_drain_and_is_closed_by_its_app()
    {
        await using var old = await SampleProcess.Start();
        await using var running = await RunningRouter.Start(old.Target);
        using var invoker = new HttpMessageInvoker(RunningRouter.Handler());
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://hello.localhost:{running.Port}/ws"), invoker, TestContext.Current.CancellationToken);

        running.Publish();
        Assert.True(await running.Router.Drained(old.Target, Long));
        Assert.Equal("still here", await Echo(socket, "still here"));

        var stopped = old.Stop();
        var close = await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, close.CloseStatus);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await stopped;
    }

    [Fact]
    public async Task An_event_stream_arrives_as_it_is_sent_does_not_hold_the_drain_and_ends_with_its_app()
    {
        await using var old = await SampleProcess.Start();
        await using var running = await RunningRouter.Start(old.Target);
        using var client = running.Client();
        using var stream = new StreamReader(await client.GetStreamAsync("/events"));
        Assert.Equal("data: 0", await stream.ReadLineAsync());

        running.Publish();
        Assert.True(await running.Router.Drained(old.Target, Long));
        Assert.Equal("", await stream.ReadLineAsync());
        Assert.Equal("data: 1", await stream.ReadLineAsync());

        await old.Stop();
        // Ends as a whole answer does: a connection that is broken off would throw.
        Assert.EndsWith("\n", await stream.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task AskUntil(RunningRouter running, SharedList<string> answers, CancellationToken done)
    {
        using var client = running.Client();
        // One more after the end, so that every client has also seen the last process.
        for (var last = false; !last;)
        {
            last = done.IsCancellationRequested;
            answers.Add(await client.GetStringAsync("/slow?ms=2", CancellationToken.None));
        }
    }

    private static async Task<string> Echo(ClientWebSocket socket, string text)
    {
        var buffer = new byte[100];
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
