using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>The tasks of the simulated cluster, made up from how its deployments stand.</summary>
internal static class EcsTasks
{
    /// <summary>Those that failed in the service's deployments, or those that run.</summary>
    public static IEnumerable<JsonObject> Of(EcsService service, bool stopped, DateTimeOffset now) => stopped
        ? service.Deployments.SelectMany(d => Enumerable.Range(0, Math.Min(d.Failures(now), 50)).Select(n => Failed(service, d, n)))
        : Enumerable.Range(0, service.Desired).Select(n => Running(service, n, now));

    public static string ArnOf(string service, string which) =>
        $"{EcsService.Prefix}task/production/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{service} {which}")))[..32]}";

    private static JsonObject Failed(EcsService service, Deployment deployment, int number)
    {
        var fails = (Fortune.TasksFail)deployment.Fortune;
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

    private static JsonObject Running(EcsService service, int number, DateTimeOffset now) => new()
    {
        ["taskArn"] = ArnOf(service.Name, $"{service.Current.Primary(now)} {number}"),
        ["taskDefinitionArn"] = service.Current.Primary(now),
        ["lastStatus"] = "RUNNING",
        ["desiredStatus"] = "RUNNING",
        ["healthStatus"] = "UNKNOWN",
        ["startedAt"] = service.Current.StartedAt.ToUnixTimeMilliseconds() / 1000.0,
        ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["lastStatus"] = "RUNNING", ["memory"] = "512" }),
    };
}
