using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Reads ECS in the rack's cluster. Reads lag behind writes, so compare with a known ARN, never with "the latest".</summary>
internal sealed class EcsClient(JsonService service, string cluster)
{
    private const int MaxServicesPerCall = 10;
    private const int MaxDeploymentsPerCall = 20;
    private const int MaxTasksPerCall = 100;
    private const int MaxDeploymentsPerPage = 100;

    /// <summary>The number of requests before a response without the requested resource counts as a failure.</summary>
    private const int MaxReads = 4;

    private static readonly string[] UnknownCalls = ["UnknownOperationException", "InvalidAction", "UnsupportedOperationException"];

    /// <summary>The cluster's name.</summary>
    public string Cluster => cluster;

    /// <summary>
    /// Returns the existing services with these names, with their tags. A service counts as missing only after ECS has reported twice that
    /// it is missing, or INACTIVE, as ECS describes a deleted one for a while. Fails with <see cref="ProblemCode.Unreachable"/> if ECS
    /// reports neither.
    /// </summary>
    public async Task<Dictionary<string, EcsService>> Services(IEnumerable<string> names, CancellationToken cancel)
    {
        var found = new Dictionary<string, EcsService>();
        foreach (var some in names.Distinct().Chunk(MaxServicesPerCall))
        {
            var missing = new Dictionary<string, int>();
            List<string> left = [.. some];
            for (var look = 1; left.Count > 0; look++)
            {
                if (look > MaxReads) throw Unreadable("DescribeServices", string.Join(", ", left));
                var answer = await Read(
                    "DescribeServices", new() { ["cluster"] = cluster, ["services"] = List(left), ["include"] = List(["TAGS"]) }, cancel);
                var described = answer.Objects("services").Select(s => new EcsService(s))
                    .ToLookup(s => s.Status == EcsServiceStatus.Inactive);
                foreach (var service in described[false]) found[service.Name] = service;
                foreach (var gone in answer.Objects("failures").Where(f => f.Text("reason") == "MISSING").Select(f => f.Text("arn"))
                    .OfType<string>().Select(NameOf).Concat(described[true].Select(s => s.Name)))
                    missing[gone] = missing.GetValueOrDefault(gone) + 1;
                left.RemoveAll(n => found.ContainsKey(n) || missing.GetValueOrDefault(n) >= 2);
            }
        }

        return found;
    }

    /// <summary>Returns a task definition by its ARN, or the newest active one of a family.</summary>
    public async Task<DescribedTaskDefinition> TaskDefinition(string named, CancellationToken cancel)
    {
        for (var look = 1; ; look++)
        {
            var answer = await Read("DescribeTaskDefinition", new() { ["taskDefinition"] = named, ["include"] = List(["TAGS"]) }, cancel);
            if (answer["taskDefinition"] is JsonObject definition) return new(definition, answer["tags"] as JsonArray);
            if (look == MaxReads) throw Unreadable("DescribeTaskDefinition", named);
        }
    }

    /// <summary>Returns the newest active task definition of a family, or null if it has none.</summary>
    public async Task<DescribedTaskDefinition?> NewestOf(string family, CancellationToken cancel)
    {
        try
        {
            return await TaskDefinition(family, cancel);
        }
        catch (AmazonServiceException none) when (IsNoTaskDefinition(none))
        {
            return null;
        }
    }

    /// <summary>Determines whether tasks can be started from a task definition; not if it was deregistered or deleted.</summary>
    public async Task<bool> IsActive(string arn, CancellationToken cancel)
    {
        try
        {
            return (await TaskDefinition(arn, cancel)).IsActive;
        }
        catch (AmazonServiceException gone) when (IsNoTaskDefinition(gone))
        {
            return false;
        }
    }

    /// <summary>Determines whether ECS refused to describe a task definition because it has none like that.</summary>
    public static bool IsNoTaskDefinition(AmazonServiceException refused) =>
        refused.ErrorCode is "ClientException" or "InvalidParameterException";

    /// <summary>Returns the newest active task definitions of a family, newest first.</summary>
    public async Task<IReadOnlyList<string>> NewestTaskDefinitions(string family, int most, CancellationToken cancel) =>
    [
        .. (await Read(
            "ListTaskDefinitions", new() { ["familyPrefix"] = family, ["status"] = "ACTIVE", ["sort"] = "DESC", ["maxResults"] = most },
            cancel)).Texts("taskDefinitionArns"),
    ];

    /// <summary>Returns service deployments by their ARNs, or null if ECS doesn't support them, as with older endpoints.</summary>
    public async Task<Dictionary<string, ServiceDeployment>?> Deployments(
        IEnumerable<string> arns, CancellationToken cancel, bool isTrial = false)
    {
        var found = new Dictionary<string, ServiceDeployment>();
        foreach (var some in arns.Distinct().Chunk(MaxDeploymentsPerCall))
        {
            if (await ReadNewer("DescribeServiceDeployments", new() { ["serviceDeploymentArns"] = List(some) }, isTrial,
                cancel) is not { } answer) return null;
            foreach (var one in answer.Objects("serviceDeployments")) found[one.Text("serviceDeploymentArn")!] = new(one);
        }

        return found;
    }

    /// <summary>Returns all deployments of a service since a time, unordered; null if ECS doesn't support them.</summary>
    public async Task<IReadOnlyList<string>?> DeploymentsSince(string name, DateTimeOffset since, CancellationToken cancel)
    {
        var found = new List<string>();
        var input = new JsonObject
        {
            ["cluster"] = cluster,
            ["service"] = name,
            ["maxResults"] = MaxDeploymentsPerPage,
            ["createdAt"] = new JsonObject { ["after"] = since.ToUnixTimeSeconds() },
        };
        while (true)
        {
            if (await ReadNewer("ListServiceDeployments", input, isTrial: false, cancel) is not { } answer) return null;
            found.AddRange(answer.Objects("serviceDeployments").Select(d => d.Text("serviceDeploymentArn")!));
            if (answer.Text("nextToken") is not { Length: > 0 } next) return found;
            input["nextToken"] = next;
        }
    }

    /// <summary>Returns the task definition of a service's last successful deployment, or null if ECS doesn't show one.</summary>
    public async Task<string?> LastCompleted(string name, CancellationToken cancel)
    {
        (DateTimeOffset? At, string? Revision) last = default;
        var input = new JsonObject
        {
            ["cluster"] = cluster,
            ["service"] = name,
            ["maxResults"] = MaxDeploymentsPerPage,
            ["status"] = List(["SUCCESSFUL"]),
        };
        while (await ReadNewer("ListServiceDeployments", input, isTrial: false, cancel) is { } answer)
        {
            var deployments = answer.Objects("serviceDeployments");
            foreach (var one in deployments.Where(d => new ServiceDeployment(d).Status == ServiceDeploymentStatus.Successful))
                if (one.Time("finishedAt") is { } at && !(at <= last.At)) last = (at, one.Text("targetServiceRevisionArn"));
            if (answer.Text("nextToken") is not { Length: > 0 } next) break;
            input["nextToken"] = next;
        }

        return last.Revision is { } revision ? await TaskDefinitionOf(revision, cancel) : null;
    }

    /// <summary>
    /// Returns any deployment of a service, to test permissions on it; null if there is none, or ECS doesn't support them.
    /// </summary>
    public async Task<string?> AnyDeployment(string name, CancellationToken cancel) =>
        (await ReadNewer(
            "ListServiceDeployments", new() { ["cluster"] = cluster, ["service"] = name, ["maxResults"] = 1 }, isTrial: true, cancel))
            .Objects("serviceDeployments").FirstOrDefault().Text("serviceDeploymentArn");

    /// <summary>Returns the task definition of a service revision, or null if ECS doesn't show it.</summary>
    public async Task<string?> TaskDefinitionOf(string revision, CancellationToken cancel, bool isTrial = false) =>
        (await ReadNewer("DescribeServiceRevisions", new() { ["serviceRevisionArns"] = List([revision]) }, isTrial, cancel))
            ?.Objects("serviceRevisions").FirstOrDefault().Text("taskDefinition");

    /// <summary>Returns the tasks of a service, either the running ones or those that stopped within about the last hour.</summary>
    public Task<IReadOnlyList<EcsTask>> Tasks(string name, EcsDesiredStatus status, CancellationToken cancel) =>
        Tasks("serviceName", name, status, cancel);

    /// <summary>
    /// Returns the tasks of a task definition family, either the running ones or those that stopped within about the last hour.
    /// </summary>
    public Task<IReadOnlyList<EcsTask>> TasksOfFamily(string family, EcsDesiredStatus status, CancellationToken cancel) =>
        Tasks("family", family, status, cancel);

    /// <summary>Returns a task by its ARN, or null if ECS doesn't show it.</summary>
    public async Task<EcsTask?> FindTask(string arn, CancellationToken cancel) =>
        (await Read("DescribeTasks", new() { ["cluster"] = cluster, ["tasks"] = List([arn]) }, cancel))
            .Objects("tasks").Select(t => new EcsTask(t)).FirstOrDefault();

    private async Task<IReadOnlyList<EcsTask>> Tasks(string filter, string value, EcsDesiredStatus status, CancellationToken cancel)
    {
        var tasks = new List<EcsTask>();
        var desired = status == EcsDesiredStatus.Running ? "RUNNING" : "STOPPED";
        string? next = null;
        do
        {
            var input = new JsonObject
            { ["cluster"] = cluster, [filter] = value, ["desiredStatus"] = desired, ["maxResults"] = MaxTasksPerCall };
            if (next is not null) input["nextToken"] = next;
            var listed = await Read("ListTasks", input, cancel);
            var arns = listed.Texts("taskArns").ToList();
            if (arns.Count > 0)
                tasks.AddRange((await Read(
                    "DescribeTasks", new() { ["cluster"] = cluster, ["tasks"] = List(arns) },
                    cancel)).Objects("tasks").Select(t => new EcsTask(t)));
            next = listed.Text("nextToken");
        }
        while (next is not null);
        return tasks;
    }

    /// <summary>Sends a change once.</summary>
    public async Task<JsonObject> Change(string operation, JsonObject input, CancellationToken cancel) =>
        (await service.Change(operation, input, cancel)).Output;

    /// <summary>Opens a session that runs a command in a container of a task.</summary>
    public async Task<JsonObject> Execute(
        string task, string container, string command, CancellationToken cancel) => (await service.ChangeUnlessDone(
        "ExecuteCommand",
        new() { ["cluster"] = cluster, ["task"] = task, ["container"] = container, ["command"] = command, ["interactive"] = true },
        cancel)).Output;

    private async Task<JsonObject> Read(string operation, JsonObject input, CancellationToken cancel) =>
        (await service.Read(operation, input, cancel)).Output;

    /// <summary>
    /// Returns null if ECS doesn't support the call, or, unless the caller tests permissions, permanently refuses it: the older view has to
    /// do then.
    /// </summary>
    private async Task<JsonObject?> ReadNewer(string operation, JsonObject input, bool isTrial, CancellationToken cancel)
    {
        try
        {
            return await Read(operation, input, cancel);
        }
        catch (AmazonServiceException refused) when (UnknownCalls.Contains(refused.ErrorCode, StringComparer.Ordinal)
            || (!isTrial && AwsFailure.IsPermanent(refused)))
        {
            return null;
        }
    }

    private static string NameOf(string arn) => arn[(arn.LastIndexOf('/') + 1)..];

    private static ProblemException Unreadable(string operation, string what) => Problem.Unavailable(
        ProblemCode.Unreachable, $"ECS answered {operation} {MaxReads} times without mentioning {what}.",
        "Run the command again. Check for a proxy between here and ECS.").ToException();

    private static JsonArray List(IEnumerable<string> texts) => JsonReading.List(texts.Select(t => JsonValue.Create(t)));
}
