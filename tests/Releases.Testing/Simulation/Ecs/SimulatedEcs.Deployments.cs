using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>The deployments of its services.</summary>
internal sealed partial class SimulatedEcs
{
    private JsonObject DescribeDeployments(JsonObject input)
    {
        var arns = Texts(input, "serviceDeploymentArns");
        if (arns.Count > 20) throw new ServiceError("InvalidParameterException", "At most 20.");
        return new()
        {
            ["serviceDeployments"] = new JsonArray([.. arns.Select(Find).OfType<Deployment>().Where(IsKept)
            .Select(d => Describe(d, whole: true))])
        };
    }

    /// <summary>Pages in no promised order; here the oldest come first.</summary>
    private JsonObject ListDeployments(JsonObject input)
    {
        RequireCluster(input);
        if (ListsNoServiceDeployments) return new() { ["serviceDeployments"] = new JsonArray() };
        var (after, from) = (input["createdAt"]?["after"]?.GetValue<double>() ?? 0,
            int.Parse(input["nextToken"]?.GetValue<string>() ?? "0"));
        var status = input["status"] is null ? [] : Texts(input, "status");
        var found = Service(input).Deployments.Where(IsKept).Where(d => d.StartedAt.ToUnixTimeSeconds() > after)
            .Where(d => status.Count == 0 || status.Contains(d.Status(Time.GetUtcNow()))).Skip(from).ToList();
        var page = Math.Min(input["maxResults"]?.GetValue<int>() ?? 100, DeploymentsPerPage);
        var answer = new JsonObject
        { ["serviceDeployments"] = new JsonArray([.. found.Take(page).Select(d => Describe(d, whole: false))]) };
        if (found.Count > page) answer["nextToken"] = $"{from + page}";
        return answer;
    }

    private JsonObject DescribeRevisions(JsonObject input) => new()
    {
        ["serviceRevisions"] = new JsonArray([.. Texts(input, "serviceRevisionArns")
            .Select(a => (Arn: a, Deployment: Find(a.Replace("service-revision", "service-deployment", StringComparison.Ordinal))))
            .Where(r => r.Deployment is not null)
            .Select(r => new JsonObject { ["serviceRevisionArn"] = r.Arn, ["taskDefinition"] = r.Deployment!.Target })]),
    };

    private JsonObject Stop(JsonObject input)
    {
        if (input["stopType"]?.GetValue<string>() is not (null or "ROLLBACK"))
            throw new ServiceError("InvalidParameterException", "stopType");
        var deployment = Find(input["serviceDeploymentArn"]!.GetValue<string>())
            ?? throw new ServiceError("ServiceDeploymentNotFoundException", "Not found.");
        if (!deployment.CanStop(Time.GetUtcNow())) throw new ServiceError("ConflictException", "The service deployment is over.");
        deployment.Stop(Time.GetUtcNow());
        return new() { ["serviceDeploymentArn"] = deployment.Arn };
    }

    private JsonObject Continue(JsonObject input)
    {
        var arn = input["serviceDeploymentArn"]!.GetValue<string>();
        var deployment = Find(arn) ?? throw new ServiceError("ServiceDeploymentNotFoundException", "Not found.");
        var action = input["action"]?.GetValue<string>() ?? "CONTINUE";
        if (deployment is not ShiftedDeployment shifted || !shifted.Continue(input["hookId"]!.GetValue<string>(), action, Time.GetUtcNow()))
            throw new ServiceError("InvalidParameterException", "The hook isn't awaiting an action.");
        return new() { ["serviceDeploymentArn"] = arn };
    }

    /// <summary>ECS keeps the history of deployments for 90 days.</summary>
    private bool IsKept(Deployment deployment) => Time.GetUtcNow() - deployment.StartedAt < TimeSpan.FromDays(90);

    private Deployment? Find(string arn) => _services.Values.SelectMany(s => s.Deployments).FirstOrDefault(d => d.Arn == arn);

    /// <summary>Whole as DescribeServiceDeployments has it, or brief as ListServiceDeployments has it.</summary>
    private JsonObject Describe(Deployment deployment, bool whole)
    {
        var now = Time.GetUtcNow();
        var revision = deployment.Arn.Replace("service-deployment", "service-revision", StringComparison.Ordinal);
        var described = new JsonObject
        {
            ["serviceDeploymentArn"] = deployment.Arn,
            ["status"] = deployment.Status(now),
            ["createdAt"] = deployment.StartedAt.ToUnixTimeMilliseconds() / 1000.0,
            ["startedAt"] = deployment.StartedAt.ToUnixTimeSeconds()
        };
        if (deployment.FinishedAt(now) is { } finished) described["finishedAt"] = finished.ToUnixTimeMilliseconds() / 1000.0;
        if (!whole)
        {
            described["targetServiceRevisionArn"] = revision;
            return described;
        }

        // They are those of its end, and live nowhere but in DescribeServices.
        var running = deployment.NewRunning(deployment.FinishedAt(now) is { } end && end < now ? end : now);
        described["targetServiceRevision"] = new JsonObject
        { ["arn"] = revision, ["requestedTaskCount"] = running, ["runningTaskCount"] = running, ["pendingTaskCount"] = 0 };
        deployment.AddDetails(described, now);
        described["deploymentCircuitBreaker"] = new JsonObject
        {
            ["status"] = !deployment.HasBreaker ? "DISABLED" : deployment.Failures(now) < deployment.Threshold ? "MONITORING" : "TRIGGERED",
            ["failureCount"] = deployment.Failures(now),
            ["threshold"] = deployment.Threshold,
        };
        return described;
    }
}
