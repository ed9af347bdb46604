using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>A task as <c>DescribeTasks</c> returns it.</summary>
/// <param name="Raw">The document.</param>
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

    /// <summary>By its containers' own health checks.</summary>
    public EcsHealth Health => Raw.Text("healthStatus") switch
    {
        "HEALTHY" => EcsHealth.Healthy,
        "UNHEALTHY" => EcsHealth.Unhealthy,
        _ => EcsHealth.Unknown,
    };

    /// <summary>Whether it stopped because an essential container exited, which the container's exit code explains better.</summary>
    public bool HasExitedByItself => Raw.Text("stopCode") == "EssentialContainerExited";

    public string? StoppedReason => Raw.Text("stoppedReason");

    public DateTimeOffset? CreatedAt => Raw.Time("createdAt");

    public DateTimeOffset? StartedAt => Raw.Time("startedAt");

    public DateTimeOffset? StoppedAt => Raw.Time("stoppedAt");

    /// <summary>Its address in its network; null: it has no network of its own, or ECS doesn't show it yet.</summary>
    public string? Address => Containers.SelectMany(c => c.Raw.Objects("networkInterfaces")).Select(
        n => n.Text("privateIpv4Address") ?? (n.Text("ipv6Address") is { } address ? $"[{address}]" : null))
        .FirstOrDefault(a => a is not null);

    public IEnumerable<EcsContainer> Containers => Raw.Objects("containers").Select(c => new EcsContainer(c));

    /// <summary>A container by its name; null: the task has none of that name.</summary>
    public EcsContainer? Container(string name) => Containers.FirstOrDefault(c => c.Name == name);

    /// <summary>Whether ECS Exec is ready in a container.</summary>
    public bool HasAgent(string container) => Container(container)?.Raw.Objects("managedAgents")
        .Any(a => a.Text("name") == "ExecuteCommandAgent" && a.Text("lastStatus") == "RUNNING") ?? false;

    /// <summary>The last part of a task's ARN, which people know it by.</summary>
    public static string IdIn(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}

/// <summary>One container of a task.</summary>
/// <param name="Raw">The document.</param>
internal sealed record EcsContainer(JsonObject Raw)
{
    public string Name => Raw.Text("name")!;

    /// <summary>Null: it has not exited, or never started.</summary>
    public int? ExitCode => Raw.Number("exitCode");

    public string? Reason => Raw.Text("reason");
}

/// <summary>Which tasks a list shows.</summary>
internal enum EcsDesiredStatus
{
    Running,

    /// <summary>Those that stopped within about the last hour.</summary>
    Stopped,
}

/// <summary>Where a task is in its life.</summary>
internal enum EcsTaskStatus
{
    /// <summary>One that this version doesn't know.</summary>
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

/// <summary>The health of a task.</summary>
internal enum EcsHealth
{
    /// <summary>It has no health check, or none has run yet.</summary>
    Unknown,
    Healthy,
    Unhealthy,
}
