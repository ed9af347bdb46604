using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Sets the variables of a container. The release's environment takes precedence over the manifest's defaults, these over the injected
/// names, and all of them over the base's. ECS rejects a name that is in both of its lists, so the overridden one is removed.
/// </summary>
internal static class TaskVariables
{
    private const string Plain = "environment";
    private const string Secret = "secrets";

    public static void Put(JsonObject container, TaskRelease release)
    {
        var ours = Ours(release);
        var plain = release.Variables.Where(v => !release.Secrets.ContainsKey(v.Key));
        container[Plain] = List(container, Plain, ours, plain.Select(v => (v.Key, v.Value)), "value");
        container[Secret] = List(container, Secret, ours, release.Secrets.Select(s => (s.Key, s.Value)), "valueFrom");
        if (((JsonArray)container[Secret]!).Count == 0) container.Remove(Secret);
    }

    private static HashSet<string> Ours(TaskRelease release) => [.. release.Variables.Keys, .. release.Secrets.Keys];

    private static JsonArray List(
        JsonObject container, string list, HashSet<string> ours, IEnumerable<(string Name, string Value)> added,
        string member) => JsonReading.List(
    [
        .. Entries(container, list).Where(e => !ours.Contains(NameOf(e))).Select(e => e.DeepClone()),
        .. added.OrderBy(v => v.Name, StringComparer.Ordinal).Select(v => new JsonObject { ["name"] = v.Name, [member] = v.Value }),
    ]);

    private static IEnumerable<JsonObject> Entries(JsonObject container, string list) =>
        (container[list] as JsonArray ?? []).OfType<JsonObject>();

    private static string NameOf(JsonObject entry) => entry["name"]?.GetValue<string>() ?? "";
}
