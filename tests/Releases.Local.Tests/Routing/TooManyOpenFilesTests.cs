using System.Runtime.InteropServices;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>Alone: the limit is that of the whole process.</summary>
[Collection(nameof(TooManyOpenFilesTests))]
[CollectionDefinition(nameof(TooManyOpenFilesTests), DisableParallelization = true)]
public sealed partial class TooManyOpenFilesTests
{
    private const int OpenFiles = 7;
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

        string answer;
        Assert.Equal(0, getrlimit(OpenFiles, out var limit));
        Assert.Equal(0, setrlimit(OpenFiles, limit with { Soft = 0 }));
        try
        {
            answer = await Ask(other);
        }
        finally
        {
            Assert.Equal(0, setrlimit(OpenFiles, limit));
        }

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        var target = pair.Server.Target;
        Assert.Equal((0, 0), (target.InFlight, target.Traffic.InFlight));
        Assert.StartsWith("HTTP/1.1 200 ", await Ask(other), StringComparison.Ordinal);
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
