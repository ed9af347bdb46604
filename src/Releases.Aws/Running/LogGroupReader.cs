using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Represents the location of a service's log lines.</summary>
/// <param name="Service">The service.</param>
/// <param name="Group">The log group.</param>
/// <param name="Prefix">The prefix of its streams' names; the task's id follows.</param>
internal sealed record LogSource(ServiceName Service, string Group, string Prefix);

/// <summary>Reads lines of CloudWatch Logs in chronological order.</summary>
internal sealed class LogGroupReader(JsonService logs, TimeProvider time)
{
    /// <summary>CloudWatch allows few FilterLogEvents calls per second in an account.</summary>
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(2);

    /// <summary>How far back logs are read by default.</summary>
    public static readonly TimeSpan DefaultSince = TimeSpan.FromHours(1);

    /// <summary>Lines arrive in CloudWatch out of order by a few seconds.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    public async IAsyncEnumerable<LogLine> Read(
        IReadOnlyList<LogSource> sources, LogQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var told = new Dictionary<string, DateTimeOffset>();
        var from = query.Since ?? time.GetUtcNow() - DefaultSince;
        var read = time.GetUtcNow();
        var lines = await New(sources, from, told, cancel);
        foreach (var line in query.Tail is { } tail ? lines.TakeLast(tail) : lines) yield return line;
        while (query.Follow)
        {
            await Task.Delay(BetweenReads, time, cancel);
            // However long the last read took, what arrived since it began is read now.
            if (read - Overlap > from) from = read - Overlap;
            // CloudWatch counts in milliseconds, so a read also returns the lines of the one that it begins in.
            foreach (var (old, _) in told.Where(t => t.Value < from.AddMilliseconds(-1)).ToList()) told.Remove(old);
            read = time.GetUtcNow();
            foreach (var line in await New(sources, from, told, cancel)) yield return line;
        }
    }

    private async Task<List<LogLine>> New(
        IReadOnlyList<LogSource> sources, DateTimeOffset from, Dictionary<string, DateTimeOffset> told, CancellationToken cancel)
    {
        var lines = new List<LogLine>();
        foreach (var source in sources)
        {
            string? next = null;
            do
            {
                var input = new JsonObject
                {
                    ["logGroupName"] = source.Group,
                    ["logStreamNamePrefix"] = source.Prefix,
                    ["startTime"] = from.ToUnixTimeMilliseconds()
                };
                if (next is not null) input["nextToken"] = next;
                var answer = await Ask(source, input, cancel);
                foreach (var found in answer.Objects("events"))
                    if (Line(source, found) is var line && told.TryAdd($"{source.Service} {found.Text("eventId")}", line.At))
                        lines.Add(line);
                next = answer.Text("nextToken");
            }
            while (next is not null);
        }

        return [.. lines.OrderBy(l => l.At)];
    }

    private async Task<JsonObject> Ask(LogSource source, JsonObject input, CancellationToken cancel)
    {
        try
        {
            return (await logs.Read("FilterLogEvents", input, cancel)).Output;
        }
        catch (Exception failure) when (AwsProblems.From(failure, $"The log group {source.Group}") is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    private static LogLine Line(LogSource source, JsonObject line) => new(
        DateTimeOffset.UnixEpoch.AddMilliseconds(line["timestamp"]!.GetValue<double>()), source.Service,
        line.Text("logStreamName") is { } stream && stream.Length >= source.Prefix.Length + 8
            ? $"{source.Service}-{stream[source.Prefix.Length..][..8]}"
            : source.Service.ToString(),
        null, line.Text("message")?.TrimEnd() ?? "");
}
