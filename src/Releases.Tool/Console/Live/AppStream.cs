using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Releases.Tool;

/// <summary>
/// Sends events to an open page of an app: <c>live</c> has the progress and outcome of a promotion, whoever started it; <c>changed</c>
/// means that the page may be out of date. It only reads.
/// </summary>
internal static class AppStream
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IdlePollInterval = TimeSpan.FromSeconds(2);

    /// <summary>How often to send a keep-alive event, so that proxies keep the connection open.</summary>
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    /// <summary>Returns a hash of the state that a page of the app shows; if it differs, the page is out of date.</summary>
    public static string SignOf(AppStatus appStatus)
    {
        var (app, running) = (appStatus.App, appStatus.Running);
        var seen =
            $"{app.Active} {app.Latest} {app.LastNumber} {app.Hold?.At:O} {running?.Id} {running?.Status} "
            + $"{string.Join(' ', running?.Services.Select(s => s.Status) ?? [])}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seen)))[..12];
    }

    /// <summary>
    /// Returns the newest promotion if it has ended. A newer one must have begun while the page was open, even if it is over before it is
    /// read.
    /// </summary>
    public static async Task<PromotionId?> FindOver(PageRequest request, CancellationToken cancel) =>
        await Newest(request, request.AppName, cancel) is { Ended: true } over ? over.Id : null;

    public static async IAsyncEnumerable<(SseItem<string> Item, StreamPosition At)> Of(
        PageRequest request, PromotionId? over, PromotionId? watched, bool onlyALook, [EnumeratorCancellation] CancellationToken cancel)
    {
        var name = request.AppName;
        var time = request.Console.Time;
        var (shown, sign, said) = ("", request.Query("seen"), time.GetTimestamp());
        while (await request.Store.FindApp(name, cancel) is { DeletedAt: null } app)
        {
            // The page reconnects and then shows that the session has ended.
            if (request.Session!.IsOver(request.Now)) break;
            var appStatus = await AppStatus.Read(app, request.Rack, cancel);
            var newest = appStatus.Running ?? await Newest(request, name, cancel);
            if (newest is not null && newest.Id != over) watched = newest.Id;
            var promotion = newest?.Id == watched
                ? newest
                : watched is { } ended ? await request.Store.FindPromotion(name, ended, cancel) : null;
            var now = promotion is null ? "" : await Page.Text(
                ProgressView.Slice(request, new(promotion, appStatus, request.Rack.Daemon is not null)), cancel);
            if (now != shown)
            {
                yield return (new(shown = now, "live"), new(watched, null));
                said = time.GetTimestamp();
            }

            var sees = SignOf(appStatus);
            if (sign is not null && sign != sees) yield return (new("", "changed"), default);
            sign = sees;
            if (onlyALook) yield break;
            if (time.GetElapsedTime(said) >= KeepAliveInterval)
            {
                yield return (EventStreams.Alive, default);
                said = time.GetTimestamp();
            }

            await Task.Delay(appStatus.Lock is null ? IdlePollInterval : PollInterval, time, cancel);
        }

        yield return (new("", "changed"), default);
    }

    private static async Task<Promotion?> Newest(PageRequest request, AppName app, CancellationToken cancel) =>
        await request.Store.ListPromotions(app, 1, cancel: cancel) is [var newest] ? newest : null;
}
