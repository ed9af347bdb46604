using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Releases.Tool;

/// <summary>
/// Combines everything for an open page of an app in one stream, because browsers limit the connections to a host: the progress of its
/// promotion, and the lines of its log if the page shows one (<c>log</c> in the address).
/// </summary>
internal static class LiveStream
{
    /// <summary>How long a page without a lasting stream waits before it reconnects.</summary>
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(2);

    private const int MaxQueuedEvents = 256;

    /// <summary>
    /// Streams until the page is closed. With <paramref name="onlyALook"/>, sends the current state once, and then how long to wait before
    /// reconnecting.
    /// </summary>
    public static async IAsyncEnumerable<SseItem<string>> Of(PageRequest request, bool onlyALook,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var position = StreamPosition.Of(request);
        // A page that showed a promotion shows each one that began since.
        var over = position.Promotion is null ? await AppStream.FindOver(request, cancel) : null;
        yield return EventStreams.Alive;
        var events = onlyALook ? Look(request, over, position, cancel) : Follow(request, over, position, cancel);
        await foreach (var (item, at) in events)
        {
            position = new(at.Promotion ?? position.Promotion, at.Log ?? position.Log);
            yield return at == default ? item : new(item.Data, item.EventType) { EventId = position.ToString() };
        }

        if (onlyALook) yield return new("", "again") { ReconnectionInterval = ReconnectDelay };
    }

    private static async IAsyncEnumerable<(SseItem<string> Item, StreamPosition At)> Look(
        PageRequest request, PromotionId? over, StreamPosition from, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var seen in AppStream.Of(request, over, from.Promotion, onlyALook: true, cancel)) yield return seen;
        if (request.Query("log") is null) yield break;
        await foreach (var line in LogStream.Of(request, from.Log, follow: false, cancel)) yield return line;
    }

    /// <summary>Merges both streams as their events arrive; if one fails, the merged stream fails.</summary>
    private static async IAsyncEnumerable<(SseItem<string> Item, StreamPosition At)> Follow(
        PageRequest request, PromotionId? over, StreamPosition from, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var events = Channel.CreateBounded<(SseItem<string>, StreamPosition)>(MaxQueuedEvents);
        var app = Forward(AppStream.Of(request, over, from.Promotion, onlyALook: false, ending.Token), isAll: true);
        var log = request.Query("log") is null
            ? Task.CompletedTask
            : Forward(LogStream.Of(request, from.Log, follow: true, ending.Token), isAll: false);
        try
        {
            await foreach (var next in events.Reader.ReadAllAsync(cancel)) yield return next;
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(app, log);
        }

        async Task Forward(IAsyncEnumerable<(SseItem<string>, StreamPosition)> source, bool isAll)
        {
            try
            {
                await foreach (var next in source) await events.Writer.WriteAsync(next, ending.Token);
                if (isAll) events.Writer.TryComplete();
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                events.Writer.TryComplete();
            }
#pragma warning disable CA1031 // Passed on to the reader, which fails with it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                events.Writer.TryComplete(failure);
            }
        }
    }
}
