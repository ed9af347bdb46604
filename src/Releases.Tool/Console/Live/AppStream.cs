using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Releases.Tool;

/// <summary>
/// Tells an open page of an app what goes on: <c>live</c> has the progress of the promotion that runs, whoever started it, and how
/// it ended; <c>changed</c> says that what the page shows may be old. It only reads. An event's id is the promotion, so a page
/// that comes back learns the end of what it had seen begin.
/// </summary>
internal static class AppStream
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookWhileIdle = TimeSpan.FromSeconds(2);

    /// <summary>A sign of life, for whatever is between.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public static async IAsyncEnumerable<SseItem<string>> Of(Visit visit, [EnumeratorCancellation] CancellationToken cancel)
    {
        var name = visit.AppName;
        var time = visit.Site.Time;
        var watched = PromotionId.Read(visit.Http.Request.Headers["Last-Event-ID"].ToString()) ?? PromotionId.Read(visit.Query("promotion"));
        // Whatever is newer than this began while the page was open, also where it is over before it is looked at.
        var before = await Newest(visit, name, cancel) is { Ended: true } over ? over.Id : (PromotionId?)null;
        var (shown, sign, said) = ("", (string?)null, time.GetTimestamp());
        yield return EventStreams.Alive;
        while (await visit.Store.FindApp(name, cancel) is { DeletedAt: null } app)
        {
            var standing = await Standing.Of(app, visit.Store, cancel);
            var newest = standing.Running ?? await Newest(visit, name, cancel);
            if (newest is not null && newest.Id != before) watched = newest.Id;
            var promotion = newest?.Id == watched ? newest : watched is { } ended ? await visit.Store.FindPromotion(name, ended, cancel) : null;
            var now = promotion is null ? "" : await Page.Text(ProgressView.Slice(visit, new(promotion, standing)), cancel);
            if (now != shown)
            {
                yield return new(shown = now, "live") { EventId = watched.ToString() };
                said = time.GetTimestamp();
            }

            var sees = $"{app.Active} {app.Latest} {app.Hold} {promotion?.Id} {promotion?.Status} {string.Join(' ', promotion?.Services.Select(s => s.Status) ?? [])}";
            if (sign is not null && sign != sees) yield return new("", "changed");
            sign = sees;
            if (time.GetElapsedTime(said) >= LongestSilence)
            {
                yield return EventStreams.Alive;
                said = time.GetTimestamp();
            }

            await Task.Delay(standing.Lock is null ? LookWhileIdle : Look, time, cancel);
        }

        yield return new("", "changed");
    }

    private static async Task<Promotion?> Newest(Visit visit, AppName app, CancellationToken cancel) =>
        await visit.Store.ListPromotions(app, 1, cancel: cancel) is [var newest] ? newest : null;
}
