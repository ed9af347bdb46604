using System.Text;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>How long a client takes to send its request isn't held against the process that gets it.</summary>
public sealed class SlowClientsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_time_of_an_answer_begins_with_the_end_of_its_request(bool isHttp2)
    {
        await using var pair = await Start();
        var traffic = pair.Server.Target.Traffic;
        using var client = await SlowClient.To(pair, isHttp2);
        await client.Begin();
        await _asked.Task;
        _time.Advance(TimeSpan.FromSeconds(20));
        await client.End();
        await Patience.Until(() => traffic.Waiting.Count == 1);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        _answers.SetResult();
        await IsCounted(traffic, 300);
    }

    /// <summary>Over HTTP/2, an answer of an HTTP/1 process is read after the request was sent.</summary>
    [Fact]
    public async Task The_time_of_an_answer_that_comes_before_the_end_of_its_request_begins_with_its_head()
    {
        await using var pair = await Start();
        var traffic = pair.Server.Target.Traffic;
        using var client = await SlowClient.To(pair, isHttp2: false);
        await client.Begin();
        await _asked.Task;
        _time.Advance(TimeSpan.FromMilliseconds(700));
        _answers.SetResult();
        await IsCounted(traffic, 700);
        await client.End();
        Assert.Empty(traffic.Waiting);
    }

    private async Task<RawPair> Start()
    {
        var pair = await RawPair.Start(time: _time);
        pair.Server.Plays(async connection =>
        {
            // The router asks first whether a process speaks HTTP/2.
            if (Encoding.ASCII.GetString(await connection.Head()).StartsWith("PRI ", StringComparison.Ordinal)) return false;
            _asked.TrySetResult();
            await _answers.Task;
            await connection.Send(Ok);
            await connection.ToTheEnd();
            return false;
        });
        return pair;
    }

    private static async Task IsCounted(ReleaseTraffic traffic, int milliseconds)
    {
        await Patience.Until(() => traffic.Read().Latencies.Total == 1);
        Assert.InRange(traffic.Read().Latencies.Percentile(1)!.Value.TotalMilliseconds, milliseconds, 1.2 * milliseconds);
        Assert.Equal(milliseconds, traffic.AnswerTime.TotalMilliseconds);
    }

    /// <summary>A client that sends the head of a request with a part of the body, and the rest later.</summary>
    private sealed class SlowClient(RawConnection? http1, RawHttp2Client? http2) : IDisposable
    {
        public static async Task<SlowClient> To(RawPair pair, bool isHttp2) => isHttp2
            ? new(null, await RawHttp2Client.To(pair.Router.Port))
            : new(await pair.Connect(), null);

        public Task Begin() => http2 is not null
            ? http2.Head("/").Body("he").Send()
            : http1!.Send("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 5\r\n\r\nhe");

        public Task End() => http2 is not null ? http2.Body("llo").End().Send() : http1!.Send("llo");

        public void Dispose()
        {
            http1?.Dispose();
            http2?.Dispose();
        }
    }
}
