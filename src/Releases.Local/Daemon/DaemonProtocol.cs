using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>
/// What commands and the daemon say to each other: HTTP over a Unix socket that only its user can open. Tools and daemons of
/// different versions meet; paths begin with the protocol's version, and changes within it only add. An answer may have members
/// that its reader does not know; a request must not: a daemon answers 400 to a member and 404 to a path that it does not know.
/// </summary>
internal static class DaemonProtocol
{
    /// <summary>The product of the header <c>Server</c> of every answer; its version is the daemon's.</summary>
    public const string Server = "convox";

    public const string Status = "/v1/status";
    public const string Stop = "/v1/stop";
    public const string Promotions = "/v1/promotions";

    /// <summary>What a promotion has as its driver.</summary>
    /// <param name="processId">The daemon's process.</param>
    public static string Owner(int processId) => $"daemon {processId} on {Environment.MachineName}";

    public static string Wake(AppName app) => $"/v1/apps/{app}/wake";

    public static string Processes(AppName app) => $"/v1/apps/{app}/processes";

    public static string Services(AppName app) => $"/v1/apps/{app}/services";

    /// <param name="app">The app.</param>
    /// <param name="since">How far back, in whole seconds.</param>
    public static string Metrics(AppName app, TimeSpan since) => $"/v1/apps/{app}/metrics/{(long)since.TotalSeconds}";
}

/// <summary>What a daemon says of itself; also in the file <c>daemon.json</c> while it lives.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Version">The version of the tool that it runs from.</param>
/// <param name="Socket">Where it listens.</param>
/// <param name="RouterPort">The router's port.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="RouterProblem">What keeps the router from its port; null: nothing does.</param>
internal sealed record DaemonState(
    int ProcessId, string Version, string Socket, int RouterPort, DateTimeOffset StartedAt, string? RouterProblem = null)
{
    /// <summary>Whether it delivers hooks; an earlier version doesn't.</summary>
    public bool DeliversHooks { get; init; }
}

/// <summary>An answer that is a problem.</summary>
internal sealed record DaemonProblem(string Code, string Message, string? Remedy, ProblemKind Kind)
{
    /// <summary>The remedy, step by step; null from an earlier version.</summary>
    public IReadOnlyList<RemedyStep>? RemedySteps { get; init; }

    /// <summary>A problem's.</summary>
    public static DaemonProblem From(Problem problem) =>
        new(problem.Code, problem.Message, problem.Remedy?.ToString(), problem.Kind) { RemedySteps = problem.Remedy?.Steps };

    /// <summary>The problem that it tells.</summary>
    public Problem ToProblem() => new(Code, Message, RemedySteps is { } steps ? new Remedy(steps) : Remedy, Kind);
}

/// <summary>The messages, source-generated for Native AOT.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DaemonState))]
[JsonSerializable(typeof(PromotionRequest))]
[JsonSerializable(typeof(IReadOnlyList<DaemonProblem>))]
[JsonSerializable(typeof(IReadOnlyList<RunningProcess>))]
[JsonSerializable(typeof(IReadOnlyList<RunningService>))]
[JsonSerializable(typeof(AppMetrics))]
internal sealed partial class DaemonMessages : JsonSerializerContext;
