using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Releases.Tool;

/// <summary>
/// The lines that an app's processes print from now on. The position says how far the log was told, so a page that comes back continues
/// there. Only what reaches the rack's log later than newer lines, and while nobody listens, is missed.
/// </summary>
internal static class LogStream
{
    public static async IAsyncEnumerable<(SseItem<string> Item, StreamPosition At)> Of(PageRequest request, LogPosition? from, bool follow, [EnumeratorCancellation] CancellationToken cancel)
    {
        var query = new LogQuery(request.AppName, LogsView.Services(request), Since: from?.At, Tail: from is null ? LogsView.MaxLines : null, Follow: follow);
        var (reached, toldBefore) = (from, from?.Told ?? 0);
        await foreach (var line in request.Rack.Running.Logs(query, cancel))
        {
            if (toldBefore > 0 && line.At == from?.At)
            {
                toldBefore--;
                continue;
            }

            reached = reached?.Next(line) ?? new(line.At, 1);
            yield return (new($"{LogsView.Clock(line)}\t{line.Process}\t{SafeText.WithoutEscapes(line.Text)}", "line"), new(null, reached));
        }
    }
}
