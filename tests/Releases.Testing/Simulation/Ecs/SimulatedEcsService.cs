using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>One service of the simulated cluster.</summary>
internal sealed class SimulatedEcsService(string name, int desired, JsonArray tags)
{
    public const string Prefix = "arn:aws:ecs:eu-west-1:111122223333:";

    private JsonObject? _before;
    private int _lag;

    public string Name => name;

    public int Desired { get; set; } = desired;

    public JsonObject Configuration { get; set; } = new()
    {
        ["strategy"] = "ROLLING",
        ["minimumHealthyPercent"] = 100,
        ["maximumPercent"] = 200
    };

    /// <summary>More members of its description; null: it has no such member.</summary>
    public JsonObject More { get; } = [];

    /// <summary>What becomes of its Lambda hooks, by their ARN; else each succeeds after two seconds.</summary>
    public ConcurrentDictionary<string, LambdaBehavior> Lambdas { get; } = new();

    public SharedList<Deployment> Deployments { get; } = [];

    public Deployment Current => Deployments[^1];

    /// <summary>What a rollback returns to.</summary>
    public string? LastCompleted(DateTimeOffset now) =>
        Enumerable.Reverse(Deployments).FirstOrDefault(d => d.Status(now) == "SUCCESSFUL" && (d != Deployments[0] || HasHistory))?.Target;

    /// <summary>Whether what it runs at first was a deployment that completed.</summary>
    public bool HasHistory { get; set; } = true;

    /// <summary>Starts a deployment.</summary>
    public void Begin(string target, TaskBehavior behavior, DateTimeOffset now)
    {
        var before = LastCompleted(now);
        if (Deployments.Count > 0) Current.Supersede(now);
        var arn = $"{Prefix}service-deployment/production/{name}/{Deployments.Count:d21}";
        var source = Enumerable.Reverse(Deployments).FirstOrDefault(d => d.Target == before);
        Deployments.Add(IsShifting
            ? new ShiftedDeployment(arn, target, before, source?.RevisionArn, behavior, Desired,
                (JsonObject)Configuration.DeepClone(), Lambdas, now)
            : new RollingDeployment(arn, target, before, behavior, Desired, HasBreaker, EarlySuccessSetting.From(Configuration), now));
    }

    /// <summary>What others did to it between two requests.</summary>
    public void AdvanceTo(DateTimeOffset now)
    {
        if (Current.TaskBehavior is TaskBehavior.Superseded superseded && !Current.IsOver(now)
            && now >= Current.StartedAt + superseded.After)
            Begin(superseded.By, new TaskBehavior.BecomesHealthy(TimeSpan.Zero), now);
    }

    /// <summary>The next reads show what is given here.</summary>
    public void ServeStale(int reads, JsonObject description) => (_lag, _before) = (reads, description);

    public JsonObject StaleOr(JsonObject current) => _lag-- > 0 ? (JsonObject)_before!.DeepClone() : current;

    /// <summary>How many tasks run of what the PRIMARY runs, and of what else; live, whatever a deployment is called.</summary>
    public (bool IsBack, int Running, string? Old, int Left) Counts(DateTimeOffset now)
    {
        var isBack = Current.Primary(now) != Current.Target;
        var old = isBack ? Current.Target : Current.Before;
        var others = !Current.IsOver(now) && old is not null && old != Current.Primary(now);
        var running = Current.HasFailed(now)
            ? 0
            : isBack && Current.KeepsAllOldTasks ? Desired : isBack ? Desired - (others ? Current.NewRunning(now) : 0)
            : Current.FollowsDesiredCount(now) ? Desired : Current.NewRunning(now);
        return (isBack, running, old,
            isBack ? others ? Current.NewRunning(now) : 0 : old != Current.Primary(now) ? Current.OldRunning(now) : 0);
    }

    public JsonObject Describe(SimulatedEcs ecs)
    {
        var now = ecs.Time.GetUtcNow();
        var status = Current.Status(now);
        var (isBack, running, old, left) = Counts(now);
        var primary = new JsonObject
        {
            ["id"] = $"ecs-svc/{(isBack && !ecs.RollbackKeepsDeploymentId ? Deployments.Count + 1000 : Deployments.Count)}",
            ["status"] = "PRIMARY",
            ["taskDefinition"] = Current.Primary(now),
            ["desiredCount"] = Desired,
            ["runningCount"] = running,
            ["pendingCount"] = Math.Max(0, Desired - running),
            ["failedTasks"] = isBack ? 0 : Current.Failures(now),
        };
        if (ecs.ReportsRolloutState)
            primary["rolloutState"] = Current.HasFailed(now) ? "FAILED" : Current.IsOver(now) ? "COMPLETED" : "IN_PROGRESS";
        var deployments = new JsonArray(primary);
        if (left > 0 || (!Current.IsOver(now) && old is not null && old != Current.Primary(now)))
            deployments.Add(new JsonObject
            {
                ["id"] = "ecs-svc/other",
                ["status"] = "ACTIVE",
                ["taskDefinition"] = old,
                ["desiredCount"] = isBack ? 0 : Current.OldDesired(now),
                ["runningCount"] = left,
            });
        var described = new JsonObject
        {
            ["serviceName"] = name,
            ["serviceArn"] = $"{Prefix}service/production/{name}",
            ["status"] = "ACTIVE",
            ["taskDefinition"] = Current.Primary(now),
            ["desiredCount"] = Desired,
            ["runningCount"] = running + left,
            ["pendingCount"] = 0,
            ["schedulingStrategy"] = "REPLICA",
            ["deploymentController"] = new JsonObject { ["type"] = "ECS" },
            ["launchType"] = "FARGATE",
            ["platformVersion"] = "1.4.0",
            ["platformFamily"] = "Linux",
            ["networkConfiguration"] = new JsonObject
            {
                ["awsvpcConfiguration"] = new JsonObject
                { ["subnets"] = new JsonArray("subnet-1"), ["securityGroups"] = new JsonArray("sg-1"), ["assignPublicIp"] = "ENABLED" }
            },
            ["deploymentConfiguration"] = Configuration.DeepClone(),
            ["deployments"] = deployments,
            ["tags"] = tags.DeepClone(),
        };
        if (ecs.SupportsServiceDeployments)
            described["currentServiceDeployment"] =
                (Deployments.Count > 1 && now - Current.StartedAt < ecs.CurrentDeploymentLag ? Deployments[^2] : Current).Arn;
        foreach (var (member, value) in More)
            if (value is null) described.Remove(member);
            else described[member] = value.DeepClone();
        return described;
    }

    /// <summary>Whether its load balancer has two target groups and the rules to move traffic between them.</summary>
    public bool CanShift => (More["loadBalancers"] as JsonArray ?? []).Any(b => b!["advancedConfiguration"] is JsonObject);

    /// <summary>Gives it a load balancer that can shift traffic, and a strategy that does.</summary>
    public void Shifts(string strategy, int bake = 0, params JsonObject[] hooks)
    {
        More["loadBalancers"] = new JsonArray(new JsonObject
        {
            ["targetGroupArn"] = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/blue/1",
            ["containerName"] = "web",
            ["containerPort"] = 8080,
            ["advancedConfiguration"] = new JsonObject
            {
                ["alternateTargetGroupArn"] = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/green/1",
                ["productionListenerRule"] = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/lb/1/1/1",
                ["roleArn"] = "arn:aws:iam::111122223333:role/ecs-lb",
            },
        });
        (Configuration["strategy"], Configuration["bakeTimeInMinutes"], Configuration["lifecycleHooks"]) = (strategy, bake,
            new JsonArray([.. hooks]));
        if (strategy == "CANARY")
            Configuration["canaryConfiguration"] = new JsonObject { ["canaryPercent"] = 10.0, ["canaryBakeTimeInMinutes"] = 1 };
        if (strategy == "LINEAR")
            Configuration["linearConfiguration"] = new JsonObject { ["stepPercent"] = 25.0, ["stepBakeTimeInMinutes"] = 1 };
    }

    /// <summary>Whether what is rolled out next shifts traffic between two target groups; the first deployment didn't.</summary>
    private bool IsShifting => Deployments.Count > 0 && Strategy is "BLUE_GREEN" or "LINEAR" or "CANARY";

    private string? Strategy => Configuration["strategy"]?.GetValue<string>();

    private bool HasBreaker => Configuration["deploymentCircuitBreaker"] is JsonObject { } breaker
        && (breaker["enable"]?.GetValue<bool>() ?? false) && (breaker["rollback"]?.GetValue<bool>() ?? false);
}
