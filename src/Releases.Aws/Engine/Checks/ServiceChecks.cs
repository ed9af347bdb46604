using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Determines why a release can't be rolled out to an ECS service: all reasons at once, each in its own sentence. Changes nothing.
/// </summary>
internal static class ServiceChecks
{
    /// <summary>Returns the problems.</summary>
    public static IReadOnlyList<Problem> Run(ServiceFacts facts) =>
        facts.Service is { } service
            ? [.. Kind(facts, service), .. Moment(facts, service), .. Owner(facts, service), .. Movement(facts, service), .. Task(facts)]
            : [Absent(facts)];

    /// <summary>Returns the problems of a command that is run beside the service, regardless of the current state of the service.</summary>
    public static IReadOnlyList<Problem> RunForCommand(ServiceFacts facts) =>
        facts.Service is { } service
            ? [.. Owner(facts, service), .. Task(facts)]
            : [Absent(facts)];

    private static Problem Absent(ServiceFacts facts) =>
        Refused(
        facts, "doesn't exist",
        Remedy.FromString($"Name another as x-aws.service of {facts.Manifest.Name}.").Or(
            Remedy.Do(Operation.PrintAppTemplate, "Or create it, for example from the template")));

    private static IEnumerable<Problem> Kind(ServiceFacts facts, EcsService service)
    {
        const string remedy = "Use a service that ECS itself deploys, by ROLLING, BLUE_GREEN, LINEAR or CANARY.";
        if (service.Raw["deploymentController"].Text("type") is { } controller and not "ECS")
            yield return Refused(facts, $"is deployed by {controller}", remedy);
        if (service.Raw.Text("schedulingStrategy") is { } scheduling and not "REPLICA")
            yield return Refused(facts, $"has the scheduling strategy {scheduling}", remedy);
        var strategy = ShiftSettings.StrategyOf(service.Configuration, facts.Manifest);
        if (!ShiftSettings.IsKnown(strategy)) yield return Refused(facts, $"has the deployment strategy {strategy}", remedy);
        else if (!ShiftSettings.IsRolling(strategy) && !service.CanShiftTraffic)
            yield return Refused(
                facts, $"can't be deployed by {strategy}: its load balancer has no advancedConfiguration",
                "Give the service a load balancer with an alternate target group and a production listener rule, "
                    + "or use the strategy rolling.");
        if (service.Raw.Text("resourceManagementType") == "ECS")
            yield return Refused(facts, "is an Express service, which ECS manages itself", remedy);
    }

    private static IEnumerable<Problem> Moment(ServiceFacts facts, EcsService service)
    {
        if (service.Status != EcsServiceStatus.Active) yield return Refused(facts, $"is {service.StatusText}", "Wait until it is ACTIVE.");
        if (!service.IsMoving) yield break;
        if (service.HasFailed)
        {
            var failed = $"has a failed deployment of {NameOf(service.TaskDefinition)} that wasn't rolled back";
            if (!facts.Supersedes)
                yield return Refused(
                    facts, failed,
                    Remedy.FromString("Give it a task definition that works.").Or(
                        Remedy.Do(Operation.Promote, "Deploy over it", OperationOption.Supersede)));
            else if (!facts.HasWayBack)
                yield return Refused(
                    facts, $"{failed}, and ECS doesn't show what it last completed, so there would be no way back",
                    "Give it a task definition that works: aws ecs update-service --task-definition <family>");
            yield break;
        }

        if (!facts.Supersedes)
            yield return Refused(
                facts, "is being deployed right now",
                Remedy.FromString("Wait until that deployment finishes: aws ecs describe-services shows it.").Or(
                    Remedy.Do(Operation.Promote, "Deploy over it", OperationOption.Supersede)));
        else if (!facts.HasWayBack)
            yield return Refused(
                facts, "is being deployed right now, and ECS doesn't show what it last completed, so there would be no way back",
                "Wait until that deployment finishes, or stop it: aws ecs stop-service-deployment");
    }

    private static string? NameOf(string? taskDefinition) => taskDefinition?[(taskDefinition.LastIndexOf('/') + 1)..];

    private static IEnumerable<Problem> Owner(ServiceFacts facts, EcsService service)
    {
        var owner = service.Tag("convox:app");
        if (owner is not null && owner != facts.App.ToString())
            yield return Refused(facts, $"belongs to the app {owner} by its tag convox:app", "Name another service, or change the tag.");
        else if (owner is null && !facts.IsNamed)
            yield return Refused(
                facts, $"is not tagged as a service of {facts.App}",
                $"Tag it with convox:app={facts.App}, or name it as x-aws.service of {facts.Manifest.Name} in convox.yml.");
    }

    /// <summary>Rounds like ECS: the minimum up, the maximum down.</summary>
    private static IEnumerable<Problem> Movement(ServiceFacts facts, EcsService service)
    {
        var (minimum, maximum) = DeploymentConfiguration.Limits(service, facts.Manifest);
        var (least, most) = ((int)Math.Ceiling(facts.Count * minimum / 100.0), facts.Count * maximum / 100);
        if (facts.Count > 0 && least >= facts.Count && most <= facts.Count)
            yield return Refused(
                facts,
                $"can't be updated: of {facts.Count} {(facts.Count == 1 ? "task" : "tasks")} ECS may stop none (minimum {minimum} %) and "
                    + $"start no other (maximum {maximum} %)",
                "Change deployment.minimum or deployment.maximum.");
    }

    private static IEnumerable<Problem> Task(ServiceFacts facts)
    {
        if (facts.TaskDefinition is not { } task) yield break;
        if (facts.HasSecrets && string.IsNullOrEmpty(task.Text("executionRoleArn")))
            yield return Refused(
                facts, "has a task definition without an execution role, so ECS can't read the release's environment",
                "Give it an execution role that may read the secret.");
        var platform = task["runtimePlatform"];
        var isWindows = platform.Text("operatingSystemFamily")?.StartsWith("WINDOWS", StringComparison.Ordinal) == true;
        var wanted = $"{(isWindows ? "windows" : "linux")}/{Architecture(platform)}";
        if (facts.Platforms.Count > 0 && !facts.Platforms.Contains(wanted))
            yield return Refused(
                facts, $"runs on {wanted}, but the image is for {string.Join(", ", facts.Platforms)}",
                "Publish for the RID of the service, for example with -r linux-x64.");
    }

    private static string Architecture(JsonNode? platform) => platform.Text("cpuArchitecture") == "ARM64" ? "arm64" : "amd64";

    private static Problem Refused(ServiceFacts facts, string what, Remedy remedy) => new(
        AwsProblemCode.Refused, $"the ECS service {facts.Name} of {facts.Manifest.Name} {what}.", remedy,
        Unchanged: Problem.NothingChanged);
}
