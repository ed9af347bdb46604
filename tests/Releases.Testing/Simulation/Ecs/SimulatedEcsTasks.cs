using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>The tasks of the simulated cluster, made up from how its deployments stand.</summary>
internal static class SimulatedEcsTasks
{
    /// <summary>Those that failed or were stopped in the service's deployments, or those that run.</summary>
    public static IEnumerable<JsonObject> Describe(SimulatedEcsService service, bool stopped, DateTimeOffset now) => stopped
        ? service.Deployments.SelectMany(d => Enumerable.Range(0, Math.Min(d.Failures(now), 50)).Select(n => Failed(service, d, n))
            .Concat(d.Status(now) == "ROLLBACK_SUCCESSFUL" ? [ScaledIn(service, d, now)] : []))
        : Running(service, now);

    public static string ArnOf(string service, string which) =>
        $"{SimulatedEcsService.Prefix}task/production/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{service} {which}")))[..32]}";

    /// <summary>Where a running task is reached.</summary>
    public static string AddressOf(string service, string definition, int number)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{service} {definition} {number}"));
        return $"10.0.{hash[0]}.{hash[1]}";
    }

    private static JsonObject Failed(SimulatedEcsService service, Deployment deployment, int number)
    {
        var fails = (TaskBehavior.Fails)deployment.TaskBehavior;
        var container = new JsonObject { ["name"] = "web", ["lastStatus"] = "STOPPED" };
        if (fails.ExitCode is { } code) container["exitCode"] = code;
        return new()
        {
            ["taskArn"] = ArnOf(service.Name, $"{deployment.Arn} {number}"),
            ["taskDefinitionArn"] = deployment.Target,
            ["lastStatus"] = "STOPPED",
            ["desiredStatus"] = "STOPPED",
            ["stopCode"] = fails.ExitCode is null ? "TaskFailedToStart" : "EssentialContainerExited",
            ["stoppedReason"] = fails.Why,
            ["stoppedAt"] = (deployment.StartedAt + (fails.Every * (number + 1))).ToUnixTimeMilliseconds() / 1000.0,
            ["containers"] = new JsonArray(container),
        };
    }

    /// <summary>The last one that a rollback stopped, which did nothing wrong and ended because it was asked to.</summary>
    private static JsonObject ScaledIn(SimulatedEcsService service, Deployment deployment, DateTimeOffset now) => new()
    {
        ["taskArn"] = ArnOf(service.Name, $"{deployment.Arn} scaled in"),
        ["taskDefinitionArn"] = deployment.Target,
        ["lastStatus"] = "STOPPED",
        ["desiredStatus"] = "STOPPED",
        ["stopCode"] = "ServiceSchedulerInitiated",
        ["stoppedReason"] = "Scaling activity initiated by (deployment ecs-svc/1)",
        ["stoppedAt"] = deployment.FinishedAt(now)!.Value.ToUnixTimeMilliseconds() / 1000.0,
        ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["lastStatus"] = "STOPPED", ["exitCode"] = 143 }),
    };

    private static IEnumerable<JsonObject> Running(SimulatedEcsService service, DateTimeOffset now)
    {
        var (isBack, running, old, left) = service.Counts(now);
        var current = service.Current;
        var up = current.RunningTasks(now)
            .Concat(Enumerable.Repeat((current.StartedAt, Healthy: true), current.FollowsDesiredCount(now) ? running : 0));
        var ours = up.Select((t, n) => Task(service, current.Target, n, t.StartedAt, t.Healthy)).ToList();
        var others = Enumerable.Range(0, isBack ? running : left)
            .Select(n => Task(service, (isBack ? current.Primary(now) : old)!, n, current.StartedAt - TimeSpan.FromHours(1), true));
        return isBack ? others.Concat(ours.Take(left)) : ours.Take(running).Concat(others);
    }

    private static JsonObject Task(
        SimulatedEcsService service, string definition, int number, DateTimeOffset startedAt, bool healthy) => new()
        {
            ["taskArn"] = ArnOf(service.Name, $"{definition} {number}"),
            ["taskDefinitionArn"] = definition,
            ["lastStatus"] = "RUNNING",
            ["desiredStatus"] = "RUNNING",
            ["healthStatus"] = healthy ? "UNKNOWN" : "UNHEALTHY",
            ["startedAt"] = startedAt.ToUnixTimeMilliseconds() / 1000.0,
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "web",
                ["runtimeId"] = "0123456789-265927825",
                ["lastStatus"] = "RUNNING",
                ["memory"] = "512",
                ["networkInterfaces"] = new JsonArray(new JsonObject
                {
                    ["attachmentId"] = "eni",
                    ["privateIpv4Address"] = AddressOf(service.Name, definition, number),
                }),
            }),
        };
}
