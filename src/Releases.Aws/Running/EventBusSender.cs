using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Puts events on an Amazon EventBridge event bus: the same CloudEvent that a web address gets, as the detail of the entry.
/// </summary>
/// <param name="events">EventBridge, opened when it is first needed, because few racks have a hook on an event bus.</param>
/// <param name="time">The clock.</param>
internal sealed class EventBusSender(Lazy<JsonService> events, TimeProvider time) : IHookSender
{
    private const string Source = "convox";

    /// <inheritdoc/>
    public async Task<HookReply> Send(HookMessage message, CancellationToken cancel)
    {
        var entry = new JsonObject
        {
            ["EventBusName"] = message.Secrets.Address,
            ["Source"] = Source,
            ["DetailType"] = message.Kind,
            ["Time"] = (message.Event?.At ?? time.GetUtcNow()).ToUnixTimeSeconds(),
            ["Detail"] = CloudEvent.Text(message, time.GetUtcNow()),
        };
        try
        {
            var answer = (await events.Value.Change("PutEvents", new() { ["Entries"] = new JsonArray(entry) }, cancel)).Output;
            return Refused(answer) is { } why ? HookReply.Failed(why) : new(HookOutcome.Delivered);
        }
        catch (Exception failure) when (AwsProblems.From(failure, "EventBridge") is { } problem)
        {
            return HookReply.Failed(problem.Message.TrimEnd('.'));
        }
    }

    /// <summary>Returns why EventBridge accepted the request but not the entry, or null if it accepted both.</summary>
    private static string? Refused(JsonObject answer)
    {
        if (answer["Entries"] is not JsonArray { Count: 1 } entries || entries[0] is not JsonObject entry)
            return "EventBridge's answer to PutEvents doesn't mention the event";
        return entry["EventId"] is not null ? null : $"EventBridge refused it: {entry["ErrorCode"]} {entry["ErrorMessage"]}".TrimEnd();
    }
}
