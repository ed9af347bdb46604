using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>
/// Defines where records are in the rack's one table: everything of an app in one partition, in ranges that are read backward, so that the
/// cost of a page doesn't depend on their number. There is no index: global ones lag, and a local one limits an app to 10 GB.
/// </summary>
internal static class Keys
{
    public const string Partition = "PK";
    public const string Sort = "SK";

    /// <summary>The prefixes of the ranges in an app's partition.</summary>
    public const string Releases = "R#";
    public const string Builds = "B#";
    public const string Promotions = "P#";
    public const string Events = "EV#";
    public const string BuildLogs = "BL#";
    public const string Documents = "D#";
    public const string Ids = "I#";
    public const string Bases = "BASE#";

    private const int TickDigits = 19;

    /// <summary>The key of the item with the versions that may read and write the table.</summary>
    public static Key Rack { get; } = new("RACK", "RACK");

    /// <summary>The partition with a sort key for each app that isn't deleted.</summary>
    public const string Apps = "APPS";
    public const string ListedName = "APP#";

    public static Key Listed(AppName app) => new(Apps, ListedName + app);

    /// <summary>The partition with a sort key for each app that has an open promotion.</summary>
    public const string Promoting = "PROMOTING";

    public static Key PromotingApp(AppName app) => new(Promoting, ListedName + app);

    /// <summary>The partition of the agents.</summary>
    public const string Agents = "AGENTS";
    public const string AgentId = "AGENT#";

    public static Key Agent(string id) => new(Agents, AgentId + id);

    public static string PartitionOf(AppName app) => $"A#{app}";

    /// <summary>Returns the key of the app's document.</summary>
    public static Key Meta(AppName app) => new(PartitionOf(app), "META");

    public static Key Lock(AppName app) => new(PartitionOf(app), "LOCK");

    public static Key Release(AppName app, long number) => new(PartitionOf(app), Releases + Ten(number));

    /// <summary>Returns the key of the item that locates the record with this id.</summary>
    public static Key Id(AppName app, string id) => new(PartitionOf(app), Ids + id);

    /// <summary>
    /// Returns the key of a promotion. They are numbered per app, because the clocks of machines differ and the order decides what a
    /// rollback restores.
    /// </summary>
    public static Key Promotion(AppName app, long number) => new(PartitionOf(app), Promotions + Ten(number));

    public static Key Build(AppName app, DateTimeOffset at, BuildId id) => new(PartitionOf(app), $"{Builds}{Sortable(at)}#{id}");

    public static Key BuildLog(AppName app, BuildId build, int part) => new(PartitionOf(app), $"{BuildLogs}{build}#{Ten(part)}");

    public static Key Document(AppName app, string digest, int part) => new(PartitionOf(app), $"{Documents}{digest}#{Ten(part)}");

    /// <summary>Returns the prefix of a document's parts.</summary>
    public static string DocumentParts(string digest) => $"{Documents}{digest}#";

    /// <summary>Returns a key above every piece of a build's log.</summary>
    public static string BuildLogEnd(BuildId build) => $"{BuildLogs}{build}#~";

    public static Key Event(AppName app, DateTimeOffset at, string unique) => new(PartitionOf(app), $"{Events}{Sortable(at)}#{unique}");

    /// <summary>Returns the time with which an event's position begins, in ticks.</summary>
    public static long TickOf(string position) => long.Parse(position.AsSpan(0, TickDigits), CultureInfo.InvariantCulture);

    /// <summary>The partition of the hooks of all apps.</summary>
    public const string Hooks = "HOOKS";
    public const string HookName = "H#";

    public static Key Hook(AppName app, HookId hook) => new(Hooks, $"{HookName}{app}#{hook}");

    public static Key HookProgress(AppName app, HookId hook) => new(Hooks, $"HP#{app}#{hook}");

    public static Key Base(AppName app, ServiceName service) => new(PartitionOf(app), Bases + service);

    public static Key Manifest(ManifestId id) => new($"M#{id}", "M");

    public static Key Snapshot(AppName app, SnapshotId id) => new($"E#{app}#{id}", "E");

    private static string Ten(long number) => number.ToString("d10", CultureInfo.InvariantCulture);

    private static string Sortable(DateTimeOffset at) => at.UtcTicks.ToString($"d{TickDigits}", CultureInfo.InvariantCulture);
}

/// <summary>Represents the primary key of an item.</summary>
internal readonly record struct Key(string Partition, string Sort)
{
    public Dictionary<string, AttributeValue> Attributes() => new() { [Keys.Partition] = new(Partition), [Keys.Sort] = new(Sort) };
}
