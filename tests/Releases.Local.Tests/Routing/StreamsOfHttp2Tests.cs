using System.Net;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>Calls that talk both ways at once, as those of gRPC do: nothing of them may wait for what comes later.</summary>
public sealed class StreamsOfHttp2Tests
{
    /// <summary>What is kept back is waited for without end; then the test fails by this many milliseconds.</summary>
    private const int HangsNoLonger = 120_000;

    [Theory(Timeout = HangsNoLonger)]
    [InlineData("application/grpc")]
    [InlineData("application/connect+json")]
    [InlineData(null)]
    public async Task Each_piece_is_answered_before_the_next_one_is_sent_and_trailers_end_it(string? type)
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);
        using var content = new OpenContent();
        using var request = Post("/echo", content, type);
        var cancel = TestContext.Current.CancellationToken;

        // The head of the request and that of its answer come before anything that follows them.
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        await content.Flush();
        using var answer = await sending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        foreach (var piece in new[] { "first", "more1", "more2" })
        {
            await content.Write(piece);
            var echoed = new byte[5];
            await body.ReadExactlyAsync(echoed, cancel);
            Assert.Equal(piece, Encoding.ASCII.GetString(echoed));
        }

        content.Complete();
        Assert.Equal(0, await body.ReadAsync(new byte[1], cancel));
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
    }

    [Fact(Timeout = HangsNoLonger)]
    public async Task An_answer_that_is_a_head_alone_stays_one()
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"), ("HEALTH", "404"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);

        using var answer = await client.GetAsync("/health", HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
        // A body that ends with its head is reported at once: the client makes a stream that is empty from the start.
        var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.True(body.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().IsCompleted);
    }

    [Fact(Timeout = HangsNoLonger)]
    public async Task A_stream_whose_process_died_is_broken_and_not_cancelled()
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);
        using var content = new OpenContent();
        using var request = Post("/echo", content, "application/grpc");
        var cancel = TestContext.Current.CancellationToken;
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        await content.Flush();
        using var answer = await sending;
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);

        await web.Kill();

        var broken = await Assert.ThrowsAnyAsync<HttpIOException>(async () => await body.ReadExactlyAsync(new byte[1], cancel));
        const int InternalError = 2;
        Assert.Equal(InternalError, Assert.IsType<HttpProtocolException>(broken).ErrorCode);
        await Patience.Until(() => web.Target.InFlight == 0);
        Assert.Equal(1, web.Target.Traffic.Read().Failed);
    }

    [Theory(Timeout = HangsNoLonger)]
    [InlineData("application/grpc")]
    [InlineData(null)]
    public async Task A_process_that_dies_before_its_answer_has_failed_though_the_client_still_sends(string? type)
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);
        using var content = new OpenContent();
        using var request = Post("/upload", content, type);
        await client.GetStringAsync("/", TestContext.Current.CancellationToken);
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await content.Write("first");
        await Patience.Until(() => web.Target.InFlight == 1);

        await web.Kill();

        using var answer = await sending;
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await Patience.Until(() => web.Target.InFlight == 0);
        Assert.Equal((1, 0), (web.Target.Traffic.Read().Failed, web.Target.Traffic.GivenUp.Total));
    }

    /// <summary>The server resets such a stream, as the protocol has it, so that the client sends no more.</summary>
    [Theory(Timeout = HangsNoLonger)]
    [InlineData("application/grpc")]
    [InlineData(null)]
    public async Task A_complete_answer_before_the_end_of_the_request_is_no_failure(string? type)
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);
        for (var i = 0; i < 10; i++)
        {
            using var content = new OpenContent();
            using var request = Post("/health", content, type);

            var sending = client.SendAsync(request, TestContext.Current.CancellationToken);
            await content.Flush();
            using var answer = await sending;

            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }

        await Patience.Until(() => web.Target.InFlight == 0);
        Assert.Equal(0, web.Target.Traffic.Read().Failed);
    }

    private static HttpClient Client(RunningRouter running) => new(RunningRouter.Handler())
    {
        BaseAddress = new Uri($"http://hello.localhost:{running.Port}"),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static HttpRequestMessage Post(string path, HttpContent content, string? type)
    {
        if (type is not null) content.Headers.ContentType = new(type);
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.ParseAdd("trailers");
        return request;
    }
}
