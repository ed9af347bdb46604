using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Removes members without a value from a described document: AWS returns them but doesn't accept them.</summary>
internal static class EmptyMembers
{
    /// <summary>Members whose own members are named by users, so that an empty text is a valid value.</summary>
    private static readonly string[] Maps = ["options", "dockerLabels", "driverOpts", "labels"];

    /// <summary>Removes every <c>null</c>, and every empty text that isn't a user's value.</summary>
    public static void Remove(JsonNode? node, bool isMap = false)
    {
        if (node is JsonArray list)
        {
            for (var i = list.Count - 1; i >= 0; i--)
                if (list[i] is null) list.RemoveAt(i);
                else Remove(list[i]);
            return;
        }

        if (node is not JsonObject members) return;
        foreach (var (name, value) in members.ToList())
            if (value is null || (!isMap && name != "value" && value is JsonValue text && text.TryGetValue<string>(out var written)
                && written.Length == 0)) members.Remove(name);
            else Remove(value, Maps.Contains(name, StringComparer.Ordinal));
    }
}
