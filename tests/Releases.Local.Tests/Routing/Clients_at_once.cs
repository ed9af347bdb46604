using System.Globalization;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>Many connections share threads, buffers and connections to processes; none gets anything of another's.</summary>
public sealed class Clients_at_once
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Each_of_many_clients_gets_its_own_answers_while_others_leave_and_processes_break_off(int loops)
    {
        await using var pair = await RawPair.Start(loops: loops);
        pair.Server.Plays(Echo);

        await Task.WhenAll(Enumerable.Range(0, 25).Select(client => Task.Run(() => Ask(pair, client))));

        await Patience.Until(() => pair.Server.Target.InFlight == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_client_that_reads_nothing_holds_nobody_up_and_the_process_no_further_than_buffers_go(int loops)
    {
        await using var pair = await RawPair.Start(loops: loops);
        long sent = 0;
        pair.Server.Plays(async connection =>
        {
            var head = RawHead.Of(await connection.Head());
            if (head.First.Length == 0) return false;
            var length = head.First.StartsWith("GET /large", StringComparison.Ordinal) ? 20_000_000 : 2;
            await connection.Send($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            var piece = new byte[Math.Min(length, 100_000)];
            for (var left = length; left > 0; left -= piece.Length)
            {
                await connection.Send(piece);
                Interlocked.Add(ref sent, piece.Length);
            }

            return true;
        });
        using var stalled = await pair.Connect();
        await stalled.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        await stalled.Head();
        using var other = await pair.Connect();
        for (var i = 0; i < 100; i++)
        {
            await other.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await other.Head();
            await other.Bytes(2);
        }

        Assert.InRange(Volatile.Read(ref sent), 0, 15_000_000);
        Assert.Equal(20_000_000, (await stalled.Bytes(20_000_000)).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_large_body_goes_up_while_its_answer_comes_down(int loops)
    {
        await using var pair = await RawPair.Start(loops: loops);
        pair.Server.Plays(async connection =>
        {
            if ((await connection.Head()).Length == 0) return false;
            await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n");
            for (var i = 0; i < 200; i++) await connection.Send(await connection.Bytes(100_000));
            return true;
        });
        using var client = await pair.Connect();
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n");
        await client.Head();
        for (var i = 0; i < 200; i++)
        {
            var piece = Enumerable.Repeat((byte)i, 100_000).ToArray();
            await client.Send(piece);
            Assert.Equal(piece, await client.Bytes(piece.Length));
        }
    }

    private static async Task Ask(RawPair pair, int client)
    {
        var random = new Random(client);
        var connection = await pair.Connect();
        for (var request = 0; request < 50; request++)
        {
            var body = new byte[random.Next(5) == 0 ? random.Next(100_000, 300_000) : random.Next(0, 2000)];
            random.NextBytes(body);
            var kind = random.Next(20) switch { 0 => "break", 1 => "half", 2 => "leave", _ => "echo" };
            var head = $"POST /{kind} HTTP/1.1\r\nHost: x\r\nX-Id: {client}.{request}\r\nContent-Length: {body.Length}\r\n\r\n";
            await connection.Send((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], random.Next(3) == 0 ? random : null);
            if (kind == "leave")
            {
                connection.Dispose();
                connection = await pair.Connect();
                continue;
            }

            var answer = RawHead.Of(await connection.Head());
            if (kind == "half")
            {
                // How much of it arrives before the connection is reset is up to the kernel.
                Assert.Equal($"{client}.{request}", answer.Value("x-id") ?? $"{client}.{request}");
                var half = await connection.ToTheEnd();
                Assert.Equal(body[..half.Length], half);
                connection.Dispose();
                connection = await pair.Connect();
                continue;
            }

            var length = int.Parse(answer.Value("content-length")!, CultureInfo.InvariantCulture);
            var answered = await connection.Bytes(length);
            if (kind == "break") Assert.Equal("HTTP/1.1 502 Bad Gateway", answer.First);
            else Assert.Equal($"{client}.{request}", answer.Value("x-id"));
            if (kind == "echo") Assert.Equal(body, answered);
            if (kind == "echo" || answer.Value("connection") != "close") continue;
            Assert.Empty(await connection.ToTheEnd());
            connection.Dispose();
            connection = await pair.Connect();
        }

        connection.Dispose();
    }

    private static async Task<bool> Echo(RawConnection connection)
    {
        var head = RawHead.Of(await connection.Head());
        if (head.First.Length == 0) return false;
        var body = await connection.Bytes(int.Parse(head.Value("content-length")!, CultureInfo.InvariantCulture));
        if (head.First.StartsWith("POST /break", StringComparison.Ordinal)) return false;
        var half = head.First.StartsWith("POST /half", StringComparison.Ordinal);
        var answer = $"HTTP/1.1 200 OK\r\nX-Id: {head.Value("x-id")}\r\nContent-Length: {body.Length + (half ? 1 : 0)}\r\n\r\n";
        await connection.Send((byte[])[.. Encoding.ASCII.GetBytes(answer), .. half ? body[..(body.Length / 2)] : body]);
        return !half;
    }
}
