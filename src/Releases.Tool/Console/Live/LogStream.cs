using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Releases.Tool;

/// <summary>The lines that an app's processes print from now on. An event's id is the time of its line, so a page that comes back misses none.</summary>
internal static class LogStream
{
    public static async IAsyncEnumerable<SseItem<string>> Of(Visit visit, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = visit.Http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id, ..] ? id : visit.Query("after");
        DateTimeOffset? after = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks < DateTimeOffset.MaxValue.UtcTicks
            ? new(ticks + 1, TimeSpan.Zero) : null;
        var query = new LogQuery(visit.AppName, LogsView.Services(visit), Since: after, Tail: after is null ? LogsView.Most : null, Follow: true);
        yield return EventStreams.Alive;
        await foreach (var line in visit.Rack.Running.Logs(query, cancel))
            yield return new($"{LogsView.Clock(line)}\t{line.Process}\t{Cell.OneLine(line.Text)}") { EventId = line.At.UtcTicks.ToString(CultureInfo.InvariantCulture) };
    }
}
