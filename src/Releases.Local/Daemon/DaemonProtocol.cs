using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>
/// Defines the protocol between commands and the daemon: HTTP over a Unix socket that only its user can open. Tools and daemons of
/// different versions work together: paths begin with the protocol's version, and changes within a version only add to it. A response may
/// have members that its reader doesn't know. A request may not: the daemon answers 400 to unknown members and 404 to unknown paths.
/// </summary>
internal static class DaemonProtocol
{
    /// <summary>The product in the <c>Server</c> header of every response; its version is the daemon's.</summary>
    public const string Server = "convox";

    public const string Status = "/v1/status";
    public const string Stop = "/v1/stop";
    /// <summary>The parameter of a request to stop with which the rack isn't recorded as stopped; earlier versions ignore it.</summary>
    public const string ForRestart = "restart";

    public const string Settings = "/v1/settings";
    public const string Promotions = "/v1/promotions";

    /// <summary>The members of a request to promote that every version knows.</summary>
    private static readonly string[] KnownToAll =
        ["id", "app", "release", "by", "timeout", "expectActive", "runRelease", "allowEmpty"];

    /// <summary>Gets the members of a request to promote that this version knows.</summary>
    public static IReadOnlyList<string> Members { get; } =
        [.. DaemonMessages.Default.PromotionRequest.Properties.Where(p => p.Get is not null).Select(p => p.Name)];

    /// <summary>Determines whether a daemon knows everything that a request has.</summary>
    public static bool Knows(DaemonState daemon, PromotionRequest request) =>
        JsonSerializer.SerializeToElement(request, DaemonMessages.Default.PromotionRequest).EnumerateObject()
            .All(member => (daemon.Knows ?? KnownToAll).Contains(member.Name, StringComparer.Ordinal));

    /// <summary>Determines whether a daemon knows plans, as those do that tell what they know.</summary>
    public static bool KnowsPlans(DaemonState daemon) => daemon.Knows is not null;

    /// <summary>Returns the name of the daemon as the driver of a promotion.</summary>
    /// <param name="processId">The id of the daemon's process.</param>
    public static string Owner(int processId) => $"daemon {processId} on {Environment.MachineName}";

    public static string Wake(AppName app) => $"/v1/apps/{app}/wake";

    public static string Processes(AppName app) => $"/v1/apps/{app}/processes";

    public static string Services(AppName app) => $"/v1/apps/{app}/services";

    /// <param name="app">The app.</param>
    /// <param name="since">The length of the period, which is sent in whole seconds.</param>
    public static string Metrics(AppName app, TimeSpan since) => $"/v1/apps/{app}/metrics/{(long)since.TotalSeconds}";
}

/// <summary>Represents the state of a daemon, which is also in the file <c>daemon.json</c> while it is alive.</summary>
/// <param name="ProcessId">The id of its process.</param>
/// <param name="Version">The version of the tool that runs it.</param>
/// <param name="Socket">The path of its socket.</param>
/// <param name="RouterPort">The router's port.</param>
/// <param name="StartedAt">The time at which it started.</param>
/// <param name="RouterProblem">Why the router can't use its port, or null.</param>
internal sealed record DaemonState(
    int ProcessId, string Version, string Socket, int RouterPort, DateTimeOffset StartedAt, string? RouterProblem = null)
{
    /// <summary>Gets whether the daemon delivers hooks, which earlier versions don't.</summary>
    public bool DeliversHooks { get; init; }

    /// <summary>
    /// Gets the members of a request to promote that the daemon knows. It refuses a request with any other member. Earlier versions don't
    /// tell.
    /// </summary>
    public IReadOnlyList<string>? Knows { get; init; }

    /// <summary>Gets whether the daemon was asked to stop and ends its services, which earlier versions don't tell.</summary>
    public bool IsStopping { get; init; }
}

/// <summary>Represents why driving a promotion is interrupted, in the response to a request to look at it.</summary>
/// <param name="Why">The reason, as a sentence.</param>
internal sealed record DriverInterruption(string Why);

/// <summary>Represents a problem in a response.</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">What is wrong and what stayed as it was, which is all that an earlier version prints.</param>
/// <param name="Remedy">What to do next.</param>
/// <param name="Kind">What the failure means to the caller.</param>
internal sealed record DaemonProblem(string Code, string Message, string? Remedy, ProblemKind Kind)
{
    /// <summary>Gets the steps of the remedy, or null from an earlier version.</summary>
    public IReadOnlyList<RemedyStep>? RemedySteps { get; init; }

    /// <summary>Gets the part of the message that is true of the request alone.</summary>
    public string? Unchanged { get; init; }

    /// <summary>Gets whether a retry may succeed, or null from an earlier version, which sends no kind for it.</summary>
    public bool? Transient { get; init; }

    private static IEnumerable<string> Earlier => [Problem.NothingChanged, Problem.NothingWasStored];

    private bool IsTransient => Transient ?? Code == ProblemCode.StoreBusy;

    /// <summary>Converts from a problem; an earlier version exits with its kind, so it is one that it knows.</summary>
    public static DaemonProblem From(Problem problem) =>
        new(problem.Code, problem.Text, problem.Remedy?.ToString(), problem.IsTransient ? ProblemKind.Failed : problem.Kind)
        {
            RemedySteps = problem.Remedy?.Steps,
            Unchanged = problem.Unchanged,
            Transient = problem.IsTransient,
        };

    /// <summary>Converts to a problem. An earlier version has what stayed as it was in the message alone.</summary>
    public Problem ToProblem()
    {
        var unchanged = Unchanged ?? Earlier.FirstOrDefault(u => Message.EndsWith($" {u}", StringComparison.Ordinal));
        return new(
            Code,
            unchanged is null ? Message : Message[..^(unchanged.Length + 1)],
            RemedySteps is { } steps ? new Remedy(steps) : Remedy,
            IsTransient ? ProblemKind.Unavailable : Kind,
            Unchanged: unchanged);
    }
}

/// <summary>Serializes the protocol's messages, source-generated for Native AOT.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DaemonState))]
[JsonSerializable(typeof(DriverInterruption))]
[JsonSerializable(typeof(PromotionRequest))]
[JsonSerializable(typeof(IReadOnlyList<DaemonProblem>))]
[JsonSerializable(typeof(IReadOnlyList<RunningProcess>))]
[JsonSerializable(typeof(IReadOnlyList<RunningService>))]
[JsonSerializable(typeof(AppMetrics))]
internal sealed partial class DaemonMessages : JsonSerializerContext;
