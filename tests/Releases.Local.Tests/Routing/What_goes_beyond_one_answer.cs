using System.Net.Sockets;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>Connections: what is kept, asked for, cut short, half closed, upgraded.</summary>
public sealed class What_goes_beyond_one_answer
{
    private const string Get = "GET / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: hello.localhost\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Requests_that_come_at_once_are_answered_in_their_order()
    {
        await using var pair = await RawPair.Start();
        var count = 0;
        pair.Server.Plays(async connection =>
        {
            if ((await connection.Head()).Length == 0) return false;
            await connection.Send($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{count++}");
            return true;
        });
        using var client = await pair.Connect();

        await client.Send(string.Concat(Enumerable.Repeat(Get, 10)));

        for (var i = 0; i < 10; i++)
        {
            await client.Head();
            Assert.Equal($"{i}", Encoding.ASCII.GetString(await client.Bytes(1)));
        }
    }

    [Fact]
    public async Task A_body_is_asked_for_by_the_process()
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            Assert.Equal("100-continue", RawHead.Of(await connection.Head()).Value("expect"));
            await connection.Send("HTTP/1.1 100 Continue\r\n\r\n");
            Assert.Equal("abc", Encoding.ASCII.GetString(await connection.Bytes(3)));
            await connection.Send(Ok);
            return true;
        });
        using var client = await pair.Connect();

        await client.Send($"{Post}Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(await client.Head()));
        await client.Send("abc");

        Assert.StartsWith("HTTP/1.1 200 OK", Encoding.ASCII.GetString(await client.Head()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_comes_before_the_body_is_whole_arrives_and_the_connection_goes_on_after_it()
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            if ((await connection.Head()).Length == 0) return false;
            await connection.Send(Ok);
            await connection.Bytes(100_000);
            return true;
        });
        using var client = await pair.Connect();
        for (var i = 0; i < 2; i++)
        {
            await client.Send($"{Post}Content-Length: 100000\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 OK", Encoding.ASCII.GetString(await client.Head()), StringComparison.Ordinal);
            await client.Bytes(2);
            await client.Send(new byte[100_000]);
        }
    }

    [Fact]
    public async Task An_answer_by_which_a_process_refuses_a_body_arrives_though_it_reads_no_more()
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            await connection.Send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            connection.Socket.Shutdown(SocketShutdown.Send);
            return false;
        });
        using var client = await pair.Connect();

        await client.Send($"{Post}Content-Length: 100000000\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 Too Large", Encoding.ASCII.GetString(await client.Head()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_has_no_more_to_say_gets_its_answer_and_the_process_hears_that_it_has()
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            Assert.Empty(await connection.ToTheEnd());
            await connection.Send(Ok);
            return false;
        });
        using var client = await pair.Connect();

        await client.Send(Get);
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.EndsWith("\r\n\r\nok", await client.TextToTheEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_hears_that_a_client_is_gone()
    {
        await using var pair = await RawPair.Start();
        var ended = new TaskCompletionSource();
        pair.Server.Plays(async connection =>
        {
            if ((await connection.Head()).Length == 0) return false;
            await connection.ToTheEnd();
            ended.SetResult();
            return false;
        });
        using (var client = await pair.Connect()) await client.Send(Get);

        await ended.Task.WaitAsync(Patience.Limit);
        await Patience.Until(() => pair.Server.Target.InFlight == 0);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    public async Task An_answer_that_breaks_off_is_not_taken_for_a_whole_one(string answer)
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            await connection.Send(answer);
            return false;
        });
        using var client = await pair.Connect();

        await client.Send(Get);

        Assert.DoesNotContain("0\r\n\r\n", await client.TextToTheEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "closed the connection without an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Half", "broke off in the head of its answer")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "answered with something that isn't HTTP/1.1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "answered with two lengths")]
    [InlineData("HTTP/1.1 200 OK\r\nbad name: 1\r\n\r\n", "answered with an invalid header name")]
    [InlineData("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "changed the protocol without being asked to")]
    public async Task A_message_says_what_the_process_did(string answer, string says)
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            await connection.Send(answer);
            return false;
        });
        using var client = await pair.Connect();

        await client.Send(Get.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));

        Assert.EndsWith($"The process web-raw of hello {says}. Show its log: dotnet convox logs --app hello --service web\n",
            await client.TextToTheEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_1_0_without_a_host_is_served_at_a_services_own_port_and_told_what_lacks_at_the_routers()
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(new RawExchange([], Encoding.ASCII.GetBytes("HTTP/1.0 200 OK\r\n\r\nto the end")) { ServerCloses = true });
        using var direct = await pair.Connect();
        using var byName = await RawConnection.To(pair.Router.Port);

        await direct.Send("GET / HTTP/1.0\r\n\r\n");
        await byName.Send("GET / HTTP/1.0\r\n\r\n");

        Assert.Equal("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end", await direct.TextToTheEnd());
        Assert.StartsWith("GET / HTTP/1.0\r\n", Encoding.ASCII.GetString(await pair.Server.Seen()), StringComparison.Ordinal);
        Assert.Contains("The request has no Host header", await byName.TextToTheEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgraded_connection_passes_everything_until_each_side_has_ended()
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            Assert.Equal("Upgrade", RawHead.Of(await connection.Head()).Value("connection"));
            await connection.Send("HTTP/1.1 101 Switching\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\nfirst");
            var said = await connection.ToTheEnd();
            await connection.Send(said);
            return false;
        });
        using var client = await pair.Connect();
        var bytes = Enumerable.Range(0, 300_000).Select(i => (byte)i).ToArray();

        await client.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
        Assert.Contains("Upgrade: raw", Encoding.ASCII.GetString(await client.Head()), StringComparison.Ordinal);
        Assert.Equal("first", Encoding.ASCII.GetString(await client.Bytes(5)));
        await client.Send(bytes);
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(bytes, await client.ToTheEnd());
    }
}
