using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>CloudWatch Logs, as far as the last lines of a stream go.</summary>
internal sealed class SimulatedLogs : SimulatedService
{
    /// <summary>Lines that every stream of a group has, by group.</summary>
    public Dictionary<string, List<(DateTimeOffset At, string Text)>> Groups { get; } = [];

    protected override JsonObject Do(string operation, JsonObject input) => operation switch
    {
        "GetLogEvents" => Get(input),
        "FilterLogEvents" => Filter(input),
        _ => throw new Refusal("UnknownOperationException", operation),
    };

    private JsonObject Get(JsonObject input)
    {
        var lines = Lines(input).TakeLast(input["limit"]?.GetValue<int>() ?? 10_000);
        return new() { ["events"] = Events(lines) };
    }

    private JsonObject Filter(JsonObject input)
    {
        var from = input["startTime"]?.GetValue<long>() ?? 0;
        return new() { ["events"] = Events(Lines(input).Where(l => l.At.ToUnixTimeMilliseconds() >= from)) };
    }

    private List<(DateTimeOffset At, string Text)> Lines(JsonObject input) => Groups.TryGetValue(input["logGroupName"]!.GetValue<string>(), out var lines)
        ? lines
        : throw new Refusal("ResourceNotFoundException", "The specified log group does not exist.");

    private static JsonArray Events(IEnumerable<(DateTimeOffset At, string Text)> lines) =>
        [.. lines.Select((l, i) => new JsonObject { ["timestamp"] = l.At.ToUnixTimeMilliseconds(), ["message"] = l.Text, ["eventId"] = $"{i}" })];
}
