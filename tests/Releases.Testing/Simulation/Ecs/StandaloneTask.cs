using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>How a task behaves that was started by RunTask.</summary>
/// <param name="After">How long its container runs once it was started.</param>
/// <param name="ExitCode">What it exits with; null: it never starts.</param>
internal sealed record CommandBehavior(TimeSpan After, int? ExitCode = 0)
{
    /// <summary>What it prints, a line each second from its start on.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>What ECS says of the container beside its exit code.</summary>
    public string? Reason { get; init; }

    /// <summary>Why no task is started at all.</summary>
    public string? PlacementFailure { get; init; }

    /// <summary>How long its container runs once a session was opened in it; null: whatever a session does, it runs as long.</summary>
    public TimeSpan? SessionTakes { get; init; }

    /// <summary>ECS Exec never gets ready in it, as where its role may not.</summary>
    public bool LacksAgent { get; init; }

    /// <summary>It does not end on SIGTERM.</summary>
    public bool IgnoresStop { get; init; }
}

/// <summary>A task of no service. Its progress follows from the time alone.</summary>
internal sealed class StandaloneTask(string arn, string definition, JsonObject input, IReadOnlyList<string> containers,
    CommandBehavior behavior, DateTimeOffset createdAt)
{
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan AgentStarts = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan AfterTerm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilKill = TimeSpan.FromSeconds(30);

    // Objects, as the lines of its container are read by others while it is stopped, and nobody sees half of one.
    private Moment? _stop;
    private Moment? _session;

    public string Arn => arn;

    public string Id => arn[(arn.LastIndexOf('/') + 1)..];

    public string Definition => definition;

    public JsonObject Input => input;

    /// <summary>Its essential container first.</summary>
    public IReadOnlyList<string> Containers => containers;

    /// <summary>Why somebody had it stopped; null: nobody did.</summary>
    public string? StoppedFor => _stop?.Reason;

    public bool Runs(DateTimeOffset now) => now < EndedAt + Ending;

    /// <summary>Harmless where it was stopped or has ended.</summary>
    public void Stop(string reason, DateTimeOffset now)
    {
        if (now < EndedAt) _stop ??= new(now, reason);
    }

    /// <summary>Opens a session; false: ECS Exec isn't ready.</summary>
    public bool OpenSession(DateTimeOffset now)
    {
        if (!HasAgent(now) || now >= EndedAt) return false;
        _session ??= new(now, "");
        return true;
    }

    /// <summary>The lines of its container up to now; null: it was not started.</summary>
    public IEnumerable<(DateTimeOffset At, string Text)>? Printed(DateTimeOffset now) => !HasStarted || now < StartedAt
        ? null
        : behavior.Lines.Select((l, i) => (At: StartedAt + TimeSpan.FromSeconds(i), Text: l)).Where(l => l.At <= now && l.At <= EndedAt);

    public JsonObject Describe(DateTimeOffset now)
    {
        var (started, ended) = (HasStarted && now >= StartedAt, now >= EndedAt);
        var status = ended
            ? (Runs(now) ? "DEPROVISIONING" : "STOPPED")
            : started ? "RUNNING" : now >= createdAt + (Starting / 2) ? "PENDING" : "PROVISIONING";
        var described = new JsonObject
        {
            ["taskArn"] = arn,
            ["taskDefinitionArn"] = definition,
            ["createdAt"] = Seconds(createdAt),
            ["desiredStatus"] = ended || _stop is not null ? "STOPPED" : "RUNNING",
            ["lastStatus"] = status,
            ["containers"] = new JsonArray([.. containers.Select((name, i) => Container(name, isOurs: i == 0, started, ended))]),
        };
        if (IsExecutable) described["enableExecuteCommand"] = true;
        if (IsExecutable && described["containers"]![0] is JsonObject first)
        {
            first["runtimeId"] = "0123456789-265927825";
            first["managedAgents"] = new JsonArray(new JsonObject
            {
                ["name"] = "ExecuteCommandAgent",
                ["lastStatus"] = ended ? "STOPPED" : HasAgent(now) ? "RUNNING" : "PENDING",
            });
        }

        if (input["startedBy"] is { } by) described["startedBy"] = by.DeepClone();
        if (started) described["startedAt"] = Seconds(StartedAt);
        if (!ended) return described;
        described["stopCode"] = _stop is not null ? "UserInitiated" : HasStarted ? "EssentialContainerExited" : "TaskFailedToStart";
        described["stoppedReason"] = _stop?.Reason ?? (HasStarted ? "Essential container in task exited" : "Task failed to start");
        if (!Runs(now)) described["stoppedAt"] = Seconds(EndedAt + Ending);
        return described;
    }

    private DateTimeOffset StartedAt => createdAt + Starting;

    private bool IsExecutable => input["enableExecuteCommand"]?.GetValue<bool>() ?? false;

    private bool HasAgent(DateTimeOffset now) =>
        IsExecutable && !behavior.LacksAgent && HasStarted && now >= StartedAt + AgentStarts;

    private bool HasStarted => behavior.ExitCode is not null && (_stop is null || _stop.At >= StartedAt);

    private DateTimeOffset EndedAt
    {
        get
        {
            var byItself = _session is { } opened && behavior.SessionTakes is { } takes
                ? opened.At + takes : StartedAt + (behavior.ExitCode is null ? TimeSpan.Zero : behavior.After);
            return _stop is { } stop ? Earlier(byItself, stop.At + (HasStarted && behavior.IgnoresStop ? UntilKill : AfterTerm)) : byItself;
        }
    }

    private JsonObject Container(string name, bool isOurs, bool started, bool ended)
    {
        var container = new JsonObject { ["name"] = name, ["lastStatus"] = ended ? "STOPPED" : started ? "RUNNING" : "PENDING" };
        if (!ended) return container;
        if (started) container["exitCode"] = !isOurs
            ? 0
            : _stop is null || EndedAt < _stop.At + AfterTerm ? behavior.ExitCode : behavior.IgnoresStop ? 137 : 143;
        if (isOurs && behavior.Reason is { } reason) container["reason"] = reason;
        return container;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private sealed record Moment(DateTimeOffset At, string Reason);
}
