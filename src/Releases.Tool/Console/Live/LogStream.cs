using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Releases.Tool;

/// <summary>
/// Streams the lines that an app's processes print, in batches. If lines arrive faster than they can be read, the page gets the last ones
/// and the number left out, so that it stays responsive at any rate. The position records how far the log was sent, so that a page that
/// reconnects continues from there. Only lines that reach the rack's log after newer ones, while no page is connected, are missed.
/// </summary>
internal static class LogStream
{
    /// <summary>The maximum number of lines in a batch.</summary>
    public const int MaxAtOnce = 500;

    /// <summary>How long to collect lines for a batch.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    /// <summary>How much to read before the position for a level, so that lines that continue an entry find its severity.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);

    public static async IAsyncEnumerable<(SseItem<string> Item, StreamPosition At)> Of(PageRequest request, LogPosition? from, bool follow,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var batch = new Batch(from);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var lines = Wanted(request, from, follow, reading.Token).GetAsyncEnumerator(reading.Token);
        var next = lines.MoveNextAsync().AsTask();
        try
        {
            while (await next)
            {
                var window = Task.Delay(Window, request.Console.Time, cancel);
                do
                {
                    batch.Add(lines.Current);
                    next = lines.MoveNextAsync().AsTask();
                }
                while (!window.IsCompleted && await Task.WhenAny(next, window) == next && await next);
                yield return (new(batch.Take(), "lines"), new(null, batch.Reached));
            }
        }
        finally
        {
            // The page may leave while the next line is waited for, and only an iterator that rests can be disposed.
            await reading.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // The page of a command then shows how the command ended.
        if (follow && request.FindRun() is not null) yield return (new("", "changed"), default);
    }

    private static async IAsyncEnumerable<LogEntryLine> Wanted(PageRequest request, LogPosition? from, bool follow,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var entries = new LogEntries();
        if (request.FindRun() is { } run)
        {
            foreach (var line in run.Kept().TakeWhile(l => l.At <= from?.At)) entries.Next(line);
            await foreach (var line in run.Lines(from, follow, cancel)) yield return new(line, entries.Next(line));
            yield break;
        }

        var filter = LogFilter.From(request);
        if (from is { } position && filter.Level > LogSeverity.Any)
        {
            var before = new LogQuery(request.AppName, filter.Services, Since: position.At - Before);
            await foreach (var line in request.Rack.Running.Logs(before, cancel))
                if (line.At < position.At) entries.Next(line);
        }

        var query = new LogQuery(request.AppName, filter.Services, Since: from?.At,
            Tail: from is null ? LogsView.MaxLines : null, Follow: follow);
        var toldBefore = from?.Told ?? 0;
        await foreach (var line in request.Rack.Running.Logs(query, cancel))
        {
            var severity = entries.Next(line);
            if (!filter.Matches(line, severity)) continue;
            if (toldBefore > 0 && line.At == from?.At) toldBefore--;
            else yield return new(line, severity);
        }
    }

    private sealed class Batch(LogPosition? from)
    {
        private readonly Queue<LogEntryLine> _lines = new();
        private int _left;

        public LogPosition? Reached { get; private set; } = from;

        public void Add(LogEntryLine entry)
        {
            Reached = Reached?.Next(entry.Line) ?? new(entry.Line.At, 1);
            if (_lines.Count == MaxAtOnce)
            {
                _lines.Dequeue();
                _left++;
            }

            _lines.Enqueue(entry);
        }

        /// <summary>Returns the collected lines as HTML, one per line, and clears the batch.</summary>
        public string Take()
        {
            var html = string.Join('\n', _lines.Select(line => LogsView.Html(line).Value));
            if (_left > 0)
                html = $"<div class=\"left\">{Quantity.Text(_left, "line is", "lines are")} left out here; "
                    + $"Download has {(_left == 1 ? "it" : "them")}.</div>\n{html}";
            _lines.Clear();
            _left = 0;
            return html;
        }
    }
}
