using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>CloudWatch Logs, as far as the lines of streams go.</summary>
internal sealed class SimulatedLogs : SimulatedService
{
    /// <summary>Lines that every stream of a group has which is not among <see cref="Streams"/>, by group.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<(DateTimeOffset At, string Text)>> Groups { get; } = new();

    /// <summary>What a stream has at this moment; null: it doesn't exist yet.</summary>
    public ConcurrentDictionary<(string Group, string Stream), Func<IEnumerable<(DateTimeOffset At, string Text)>?>> Streams { get; } =
        new();

    /// <summary>How many lines an answer has.</summary>
    public int PageSize { get; set; } = 10_000;

    /// <summary>How many empty pages GetLogEvents answers with before each page that has lines.</summary>
    public int EmptyPages { get; set; }

    protected override JsonObject Handle(string operation, JsonObject input) => operation switch
    {
        "GetLogEvents" => Get(input),
        "FilterLogEvents" => Filter(input),
        _ => throw new ServiceError("UnknownOperationException", operation),
    };

    private JsonObject Get(JsonObject input)
    {
        var (group, stream) = (GroupOf(input), input["logStreamName"]!.GetValue<string>());
        var lines = Streams.TryGetValue((group, stream), out var own)
            ? own() ?? throw new ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
            : Groups[group];
        var (all, most) = (Events(stream, lines).ToList(), input["limit"]?.GetValue<int>() ?? PageSize);
        var isForward = input["startFromHead"]?.GetValue<bool>() ?? false;
        var (at, empty) = input["nextToken"]?.GetValue<string>() is { } token ? Position(token) : (isForward ? 0 : all.Count, 0);
        var (from, to) = isForward ? (at, Math.Min(at + most, all.Count)) : (Math.Max(0, at - most), at);
        if (from < to && empty < EmptyPages) return Page([], at, at, empty + 1);
        var page = all[from..to];
        // GetLogEvents has no member for what its caller knows.
        foreach (var line in page) foreach (var only in (string[])["eventId", "logStreamName"]) line.Remove(only);
        return Page(page, from, to, 0);
    }

    private static JsonObject Page(IEnumerable<JsonObject> lines, int from, int to, int empty) => new()
    {
        ["events"] = new JsonArray([.. lines]),
        ["nextForwardToken"] = $"f/{to}/{empty}",
        ["nextBackwardToken"] = $"b/{from}/{empty}",
    };

    private static (int At, int Empty) Position(string token) =>
        token.Split('/') is [_, var at, var empty]
            ? (int.Parse(at, CultureInfo.InvariantCulture), int.Parse(empty, CultureInfo.InvariantCulture)) : default;

    private JsonObject Filter(JsonObject input)
    {
        var (group, prefix) = (GroupOf(input), input["logStreamNamePrefix"]?.GetValue<string>() ?? "");
        var from = input["startTime"]?.GetValue<long>() ?? 0;
        var found = Streams.Where(s => s.Key.Group == group && s.Key.Stream.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(s => s.Key.Stream, StringComparer.Ordinal).ToList();
        var events = found.SelectMany(s => Events(s.Key.Stream, s.Value() ?? []));
        if (!found.Exists(s => s.Key.Stream == prefix)) events = events.Concat(Events(null, Groups[group]));
        return new()
        {
            ["events"] = new JsonArray([.. events.Where(e => e["timestamp"]!.GetValue<long>() >= from)
            .OrderBy(e => e["timestamp"]!.GetValue<long>())])
        };
    }

    private string GroupOf(JsonObject input) => input["logGroupName"]!.GetValue<string>() is var group && Groups.ContainsKey(group)
        ? group
        : throw new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");

    private static IEnumerable<JsonObject> Events(string? stream, IEnumerable<(DateTimeOffset At, string Text)> lines) =>
        lines.Select((l, i) => Event(stream, l, i));

    private static JsonObject Event(string? stream, (DateTimeOffset At, string Text) line, int number)
    {
        var told = new JsonObject
        { ["timestamp"] = line.At.ToUnixTimeMilliseconds(), ["message"] = line.Text, ["eventId"] = $"{stream}{number}" };
        if (stream is not null) told["logStreamName"] = stream;
        return told;
    }
}
