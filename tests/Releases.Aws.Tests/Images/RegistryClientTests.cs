using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Images;

public sealed class RegistryClientTests
{
    private static readonly byte[] Content = new byte[32 * 1024 * 1024];

    private static readonly OciDescriptor Piece = new(OciTypes.Layer, OciPieces.DigestOf(Content), Content.Length);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_of_which_nothing_moves_fails_and_one_that_moves_may_take_any_time()
    {
        var time = new FakeTimeProvider();
        await using var registry = new Registry(time);
        await registry.Start();
        using var client = new RegistryClient(new($"127.0.0.1:{registry.Address.Port}", "convox/hello", "AWS", "secret"), time);

        await client.Send(Piece, new MemoryStream(Content), Cancel);
        Assert.True(time.GetUtcNow() - time.Start > TimeSpan.FromMinutes(5));

        registry.Stalls = true;
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.Send(Piece, new MemoryStream(Content), Cancel));
        Assert.Equal($"nothing of {Piece.Digest} was accepted for 2 minutes", failed.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_download_of_which_nothing_moves_fails_and_names_where_it_was_from(bool isCopied)
    {
        var time = new FakeTimeProvider();
        await using var source = new HalfRegistry();
        await source.Start();
        await using var target = new Registry(new());
        await target.Start();
        var place = new PushTarget($"127.0.0.1:{source.Address.Port}", "convox/hello", "AWS", "secret");
        using var client = new RegistryClient(place, time);
        using var other = new RegistryClient(place with { Registry = $"127.0.0.1:{target.Address.Port}" }, time);
        await using var body = await client.Read(Piece, Cancel);
        var read = isCopied
            ? RegistryProblems.Translate(other.Place, async () =>
            {
                await other.Send(Piece, body, Cancel);
                return true;
            })
            : body.CopyToAsync(Stream.Null, Cancel);
        for (var waited = 0; !read.IsCompleted && waited < 1_000; waited++)
        {
            await Task.Delay(10, Cancel);
            if (source.HasSentHalf) time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(read.IsCompleted, "it hangs");
        var failed = await Assert.ThrowsAsync<ProblemException>(() => read);
        Assert.Equal(
            (true, $"the registry of {place} stopped sending {Piece.Digest[..19]}…: nothing arrived for 2m."),
            (failed.Problems[0].IsTransient, failed.Problems[0].Message));
    }

    [Theory]
    [InlineData(400, 4, null)]
    [InlineData(404, 1, null)]
    [InlineData(400, 5, "400 Bad Request")]
    [InlineData(403, 1, "403 Forbidden")]
    public async Task A_manifest_is_sent_again_where_the_registry_may_not_find_a_piece_yet(int status, int times, string? refusal)
    {
        await using var registry = new RefusingRegistry(status, times);
        await registry.Start();
        using var client = new RegistryClient(
            new($"127.0.0.1:{registry.Address.Port}", "convox/hello", "AWS", "secret"), TimeProvider.System);

        var failed = await Record.ExceptionAsync(() => client.Store(Piece, [1], "latest", Cancel));
        Assert.Equal(refusal is null ? null : $"it refused to take the manifest {Piece.Digest}: {refusal}", failed?.Message);
        Assert.Equal(refusal is null ? times + 1 : times, registry.Requests);
    }

    /// <summary>Refuses the first requests.</summary>
    private sealed class RefusingRegistry(int status, int times) : LoopbackServer
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        protected override Task Respond(HttpContext context)
        {
            context.Response.StatusCode = Interlocked.Increment(ref _requests) <= times ? status : StatusCodes.Status201Created;
            return Task.CompletedTask;
        }
    }

    /// <summary>Sends half of a piece, and then nothing.</summary>
    private sealed class HalfRegistry : LoopbackServer
    {
        public bool HasSentHalf { get; private set; }

        protected override async Task Respond(HttpContext context)
        {
            context.Response.ContentLength = Content.Length;
            await context.Response.Body.WriteAsync(Content.AsMemory(0, Content.Length / 2), Cancel);
            await context.Response.Body.FlushAsync(Cancel);
            HasSentHalf = true;
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
    }

    /// <summary>Takes 20 seconds for every part that it reads.</summary>
    private sealed class Registry(FakeTimeProvider time) : LoopbackServer
    {
        public bool Stalls { get; set; }

        protected override async Task Respond(HttpContext context)
        {
            var (request, response) = (context.Request, context.Response);
            response.Headers.Location = request.Path + "/upload";
            response.StatusCode = request.Method == "PUT" ? StatusCodes.Status201Created : StatusCodes.Status202Accepted;
            if (request.Method != "PATCH") return;
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            var part = new byte[2 * 1024 * 1024];
            while (await request.Body.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, Cancel) == part.Length)
            {
                time.Advance(TimeSpan.FromSeconds(Stalls ? 120 : 20));
                if (!Stalls) continue;
                // It is cut off by then.
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        }
    }
}
