using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Defines the tags that mark a task definition as ours, and what it belongs to.</summary>
internal static class TaskTags
{
    private const string Promotion = "convox:promotion";
    private const string OneOff = "convox:run";
    public const string App = "convox:app";
    public const string Service = "convox:service";
    public const string Release = "convox:release";

    /// <summary>On a task definition that isn't ours, the family whose newest revision releases are based on.</summary>
    public const string Base = "convox:base";

    private const string Ours = "convox:";

    /// <summary>The prefix of tags that only AWS itself may set, in any case.</summary>
    private const string OfAws = "aws:";

    /// <summary>The maximum number of tags on a resource in ECS.</summary>
    private const int MaxTags = 50;

    /// <summary>Returns the value of a tag, or null if it doesn't exist.</summary>
    public static string? Find(JsonArray? tags, string key) =>
        (tags ?? []).OfType<JsonObject>().FirstOrDefault(t => t["key"]?.GetValue<string>() == key)?["value"]?.GetValue<string>();

    /// <summary>Returns what it was registered for, a promotion or a one-off process, or null if it isn't ours.</summary>
    public static string? MarkOf(JsonArray? tags) => Find(tags, Promotion) ?? Find(tags, OneOff);

    /// <summary>Returns the tags that may be copied to another task definition, or null if there are none.</summary>
    public static JsonArray? Copied(JsonArray? tags) =>
        (tags ?? []).OfType<JsonObject>().Where(t => t.Text("key") is { Length: > 0 } key && !key.StartsWith(
            OfAws, StringComparison.OrdinalIgnoreCase)).ToList() is { Count: > 0 } kept
            ? JsonReading.List(kept.Select(t => t.DeepClone())) : null;

    /// <summary>Returns the base's own tags, and ours.</summary>
    public static JsonArray Create(TaskRelease release, JsonArray? fromBase)
    {
        List<(string Key, string Value)> all =
        [
            .. (Copied(fromBase) ?? []).OfType<JsonObject>().Select(
                t => (t["key"]!.GetValue<string>(), t["value"]?.GetValue<string>() ?? ""))
                .Where(t => !t.Item1.StartsWith(Ours, StringComparison.Ordinal)),
            (App, release.App.ToString()),
            (Service, release.Service.Name.ToString()),
            (Release, release.Release.ToString()),
            release.Promotion is { } promotion ? (Promotion, promotion.ToString()) : (OneOff, release.OneOff!),
        ];
        if (release.Build is { } build) all.Add((Ours + "build", build.ToString()));
        if (release.Commit is { Length: > 0 } commit) all.Add((Ours + "commit", commit));
        if (all.Count > MaxTags)
            throw new Problem(
                AwsProblemCode.Refused,
                $"the task definition of {release.Service.Name} would have {all.Count} tags, and ECS takes {MaxTags}.",
                "Remove tags from its base task definition.").ToException();
        return JsonReading.List(all.Select(t => new JsonObject { ["key"] = t.Key, ["value"] = t.Value }));
    }
}
