using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Serves the event streams of open pages. Each stream holds a connection and reads the store, so their number is limited.
/// </summary>
internal sealed class EventStreams
{
    public const int MaxStreams = 64;

    /// <summary>
    /// The maximum number of streams that stay open to one browser. Browsers keep six connections to a host across all their windows, and
    /// couldn't load another window if streams used them all.
    /// </summary>
    public const int MaxPerSession = 4;

    /// <summary>
    /// Gets the event that only confirms that the stream is open; without it, the browser wouldn't know until something happens.
    /// </summary>
    public static SseItem<string> Alive => new("", "alive");

    private int _open;

    public Task<IResult> Answer(PageRequest request, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref _open) <= MaxStreams) return Task.FromResult<IResult>(new Stream(this, request, stopping));
        Interlocked.Decrement(ref _open);
        throw new RejectedRequestException(
            StatusCodes.Status503ServiceUnavailable, $"this page isn't updated live: {MaxStreams} others already are, which is the limit.",
            "Close some, or reload the page to see what is new.");
    }

    private sealed class Stream(EventStreams all, PageRequest request, CancellationToken stopping) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var session = request.Session!;
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping, session.Ended);
            try
            {
                var onlyALook = session.StreamOpened() > MaxPerSession;
                await TypedResults.ServerSentEvents(LiveStream.Of(request, onlyALook, ending.Token)).ExecuteAsync(httpContext);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // The page was closed, its session ended, or the console is stopping.
            }
            finally
            {
                session.StreamClosed();
                Interlocked.Decrement(ref all._open);
            }
        }
    }
}
