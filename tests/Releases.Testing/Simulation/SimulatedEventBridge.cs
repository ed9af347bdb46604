using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>EventBridge, as far as it takes events.</summary>
internal sealed class SimulatedEventBridge : SimulatedService
{
    /// <summary>The entries that it took.</summary>
    public SharedList<JsonObject> Accepted { get; } = [];

    /// <summary>When not null, each entry is refused with this code, in an answer that succeeds.</summary>
    public string? RefusesEntriesWith { get; set; }

    protected override JsonObject Handle(string operation, JsonObject input)
    {
        if (operation != "PutEvents") throw new ServiceError("UnknownOperationException", operation);
        if (RefusesEntriesWith is { } code)
            return new()
            {
                ["FailedEntryCount"] = 1,
                ["Entries"] = new JsonArray(new JsonObject { ["ErrorCode"] = code, ["ErrorMessage"] = "No." })
            };
        Accepted.AddRange(input["Entries"]!.AsArray().Select(e => e!.DeepClone().AsObject()));
        return new() { ["FailedEntryCount"] = 0, ["Entries"] = new JsonArray(new JsonObject { ["EventId"] = Guid.NewGuid().ToString() }) };
    }
}
