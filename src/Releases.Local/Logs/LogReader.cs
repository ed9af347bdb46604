using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>Reads what the processes of an app printed, in the order of time over its services.</summary>
internal static class LogReader
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public static async IAsyncEnumerable<LogLine> Read(
        LocalHome home, LogQuery query, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        var tails = new Dictionary<ServiceName, LogTail>();
        try
        {
            var lines = Wanted(Services(home, query).SelectMany(s => Existing(home, query, s, tails)), query).OrderBy(l => l.At).ToList();
            foreach (var line in query.Tail is { } tail ? lines.TakeLast(tail) : lines) yield return line;
            while (query.Follow)
            {
                await Task.Delay(Glance, time, cancel);
                var news = Services(home, query).SelectMany(s => Tail(home, query, s, tails).Read()).ToList();
                foreach (var line in Wanted(news, query).OrderBy(l => l.At)) yield return line;
            }
        }
        finally
        {
            foreach (var tail in tails.Values) tail.Dispose();
        }
    }

    private static IEnumerable<ServiceName> Services(LocalHome home, LogQuery query) =>
        LogFile.Services(home, query.App).Where(s => query.Services.Count == 0 || query.Services.Contains(s));

    private static IEnumerable<LogLine> Wanted(IEnumerable<LogLine> lines, LogQuery query) =>
        lines.Where(l => (query.Release is null || l.Release == query.Release) && (query.Since is null || l.At >= query.Since));

    private static IEnumerable<LogLine> Existing(LocalHome home, LogQuery query, ServiceName service, Dictionary<ServiceName, LogTail> tails)
    {
        var newest = LogFile.PathOf(home, query.App, service);
        foreach (var path in LogFile.Files(home, query.App, service).Where(f => f != newest))
        {
            using var older = new LogTail(path, service);
            foreach (var line in older.Read()) yield return line;
        }

        foreach (var line in Tail(home, query, service, tails).Read()) yield return line;
    }

    private static LogTail Tail(LocalHome home, LogQuery query, ServiceName service, Dictionary<ServiceName, LogTail> tails) =>
        tails.TryGetValue(service, out var tail) ? tail : tails[service] = new(LogFile.PathOf(home, query.App, service), service);
}
