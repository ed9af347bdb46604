using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Represents a task as returned by <c>DescribeTasks</c>.</summary>
/// <param name="Raw">The JSON document.</param>
internal sealed record EcsTask(JsonObject Raw)
{
    public string Arn => Raw.Text("taskArn")!;

    public string TaskDefinition => Raw.Text("taskDefinitionArn")!;

    public EcsTaskStatus LastStatus => Raw.Text("lastStatus") switch
    {
        "PROVISIONING" => EcsTaskStatus.Provisioning,
        "PENDING" => EcsTaskStatus.Pending,
        "ACTIVATING" => EcsTaskStatus.Activating,
        "RUNNING" => EcsTaskStatus.Running,
        "DEACTIVATING" => EcsTaskStatus.Deactivating,
        "STOPPING" => EcsTaskStatus.Stopping,
        "DEPROVISIONING" => EcsTaskStatus.Deprovisioning,
        "STOPPED" => EcsTaskStatus.Stopped,
        _ => EcsTaskStatus.Unknown,
    };

    /// <summary>Whether it was asked to stop, or has ended.</summary>
    public bool IsStopping => Raw.Text("desiredStatus") == "STOPPED";

    /// <summary>The health according to its containers' own health checks.</summary>
    public EcsHealth Health => Raw.Text("healthStatus") switch
    {
        "HEALTHY" => EcsHealth.Healthy,
        "UNHEALTHY" => EcsHealth.Unhealthy,
        _ => EcsHealth.Unknown,
    };

    /// <summary>Whether it stopped because an essential container exited; the container's exit code then explains more.</summary>
    public bool HasExitedByItself => Raw.Text("stopCode") == "EssentialContainerExited";

    /// <summary>Whether it failed, rather than being stopped.</summary>
    public bool HasFailed => HasExitedByItself || Raw.Text("stopCode") == "TaskFailedToStart";

    /// <summary>Whether ECS stopped it because fewer tasks were wanted, which is no failure.</summary>
    public bool WasScaledIn => StoppedReason?.StartsWith("Scaling activity initiated by", StringComparison.Ordinal) ?? false;

    public string? StoppedReason => Raw.Text("stoppedReason");

    public DateTimeOffset? CreatedAt => Raw.Time("createdAt");

    public DateTimeOffset? StartedAt => Raw.Time("startedAt");

    public DateTimeOffset? StoppedAt => Raw.Time("stoppedAt");

    /// <summary>Its address in its network, or null if it has no network interface of its own or ECS doesn't show it yet.</summary>
    public string? Address => Containers.SelectMany(c => c.Raw.Objects("networkInterfaces")).Select(
        n => n.Text("privateIpv4Address") ?? (n.Text("ipv6Address") is { } address ? $"[{address}]" : null))
        .FirstOrDefault(a => a is not null);

    public IEnumerable<EcsContainer> Containers => Raw.Objects("containers").Select(c => new EcsContainer(c));

    /// <summary>Returns a container by its name, or null if the task has none with that name.</summary>
    public EcsContainer? Container(string name) => Containers.FirstOrDefault(c => c.Name == name);

    /// <summary>Determines whether ECS Exec is ready in a container.</summary>
    public bool HasAgent(string container) => Container(container)?.Raw.Objects("managedAgents")
        .Any(a => a.Text("name") == "ExecuteCommandAgent" && a.Text("lastStatus") == "RUNNING") ?? false;

    /// <summary>Returns the last part of a task's ARN, by which people know it.</summary>
    public static string IdIn(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}

/// <summary>Represents one container of a task.</summary>
/// <param name="Raw">The JSON document.</param>
internal sealed record EcsContainer(JsonObject Raw)
{
    public string Name => Raw.Text("name")!;

    /// <summary>The exit code, or null if it hasn't exited or never started.</summary>
    public int? ExitCode => Raw.Number("exitCode");

    public string? Reason => Raw.Text("reason");
}

/// <summary>Specifies which tasks to list.</summary>
internal enum EcsDesiredStatus
{
    Running,

    /// <summary>Tasks that stopped within about the last hour.</summary>
    Stopped,
}

/// <summary>Specifies the status of a task in its lifecycle.</summary>
internal enum EcsTaskStatus
{
    /// <summary>A status that this version doesn't know.</summary>
    Unknown,
    Provisioning,
    Pending,
    Activating,
    Running,
    Deactivating,
    Stopping,
    Deprovisioning,
    Stopped,
}

/// <summary>Specifies the health of a task.</summary>
internal enum EcsHealth
{
    /// <summary>It has no health check, or none has run yet.</summary>
    Unknown,
    Healthy,
    Unhealthy,
}
