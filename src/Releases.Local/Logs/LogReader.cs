using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>Reads the logs of an app's services, merged in order of time, without ever holding all of them in memory.</summary>
internal sealed class LogReader(LocalHome home, LogQuery query) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<ServiceName, LogTail> _tails = [];

    public static async IAsyncEnumerable<LogLine> Read(
        LocalHome home, LogQuery query, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new LogReader(home, query);
        // What was printed just now by one service may not be written yet, while a later line of another one is.
        var (looked, held) = (time.GetUtcNow() - PollInterval, new List<LogLine>());
        foreach (var line in query.Tail is { } tail ? reader.Last(tail) : reader.News())
        {
            cancel.ThrowIfCancellationRequested();
            if (query.Follow && line.At > looked) held.Add(line);
            else yield return line;
        }

        while (query.Follow)
        {
            await Task.Delay(PollInterval, time, cancel);
            // The services are read one after another. Lines that are printed meanwhile wait for the next pass, after which everything
            // older has been read.
            var until = held.Select(l => l.At).Append(looked).Max();
            looked = time.GetUtcNow();
            var lines = held.Concat(reader.News()).OrderBy(l => l.At).ToList();
            foreach (var line in lines.Where(l => l.At <= until)) yield return line;
            held = [.. lines.Where(l => l.At > until)];
        }
    }

    public void Dispose()
    {
        foreach (var tail in _tails.Values) tail.Dispose();
    }

    /// <summary>Returns the lines since the last call, oldest first.</summary>
    private IEnumerable<LogLine> News() => LogMerge.Merge(Tails().Select(t => t.Read().Where(IsWanted)), newestFirst: false);

    /// <summary>Returns the last lines, oldest first, and reads only as much as needed.</summary>
    public IEnumerable<LogLine> Last(int count) =>
        LogMerge.Merge(Tails().Select(t => t.ReadBack().TakeWhile(l => l.At >= (query.Since ?? l.At)).Where(IsWanted)), newestFirst: true)
            .Take(count).Reverse();

    private bool IsWanted(LogLine line) =>
        (query.Release is null || line.Release == query.Release) && (query.Since is null || line.At >= query.Since);

    private List<LogTail> Tails() =>
        [.. LogFile.Services(home, query.App).Where(s => query.Services.Count == 0 || query.Services.Contains(s)).Select(Tail)];

    private LogTail Tail(ServiceName service)
    {
        if (_tails.TryGetValue(service, out var known)) return known;
        var tail = _tails[service] = new(LogFile.PathFor(home, query.App, service), service);
        if (query.Since is { } since) tail.Skip(since);
        return tail;
    }
}
