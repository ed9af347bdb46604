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

    public JsonObject Configuration { get; set; } = new() { ["strategy"] = "ROLLING", ["minimumHealthyPercent"] = 100, ["maximumPercent"] = 200 };

    /// <summary>What a test says of it beside; null: it has no such member.</summary>
    public JsonObject More { get; } = [];

    public List<Deployment> Deployments { get; } = [];

    public Deployment Current => Deployments[^1];

    /// <summary>What a rollback goes back to.</summary>
    public string? LastCompleted(DateTimeOffset now) =>
        Enumerable.Reverse(Deployments).FirstOrDefault(d => d.Status(now) == "SUCCESSFUL" && (d != Deployments[0] || HasHistory))?.Target;

    /// <summary>Whether what it runs at first was a deployment that completed.</summary>
    public bool HasHistory { get; set; } = true;

    /// <summary>Starts a deployment.</summary>
    public void Begin(string target, TaskBehavior behavior, DateTimeOffset now)
    {
        var before = LastCompleted(now);
        if (Deployments.Count > 0) Current.ReplacedAt(now);
        Deployments.Add(new($"{Prefix}service-deployment/production/{name}/{Deployments.Count:d21}", target, before, behavior, Desired, HasBreaker, EarlySuccessSetting.From(Configuration), now));
    }

    /// <summary>What others did to it while nobody asked.</summary>
    public void Meanwhile(DateTimeOffset now)
    {
        if (Current.TaskBehavior is TaskBehavior.Superseded superseded && !Current.IsOver(now) && now >= Current.StartedAt + superseded.After)
            Begin(superseded.By, new TaskBehavior.BecomesHealthy(TimeSpan.Zero), now);
    }

    /// <summary>The next reads show it as it is now.</summary>
    public void Lag(int reads, JsonObject now) => (_lag, _before) = (reads, now);

    public JsonObject Seen(JsonObject now) => _lag-- > 0 ? (JsonObject)_before!.DeepClone() : now;

    /// <summary>How many tasks run of what the PRIMARY runs, and of what else; live, whatever a deployment is called.</summary>
    public (bool IsBack, int Running, string? Old, int Left) Counts(DateTimeOffset now)
    {
        var isBack = Current.Primary(now) != Current.Target;
        var old = isBack ? Current.Target : Current.Before;
        var others = !Current.IsOver(now) && old is not null && old != Current.Primary(now);
        var running = Current.Status(now) == "ROLLBACK_FAILED" ? 0 : isBack ? Desired - (others ? Current.RunningNew(now) : 0)
            : Current.IsScaledAfter(now) ? Desired : Current.RunningNew(now);
        return (isBack, running, old, isBack ? others ? Current.RunningNew(now) : 0 : old != Current.Primary(now) ? Current.OldLeft(now) : 0);
    }

    public JsonObject Described(SimulatedEcs ecs)
    {
        var now = ecs.Time.GetUtcNow();
        var status = Current.Status(now);
        var (isBack, running, old, left) = Counts(now);
        var primary = new JsonObject
        {
            ["id"] = $"ecs-svc/{(isBack && !ecs.RollbackKeepsItsId ? Deployments.Count + 1000 : Deployments.Count)}",
            ["status"] = "PRIMARY",
            ["taskDefinition"] = Current.Primary(now),
            ["desiredCount"] = Desired,
            ["runningCount"] = running,
            ["pendingCount"] = Math.Max(0, Desired - running),
            ["failedTasks"] = isBack ? 0 : Current.Failures(now),
        };
        if (ecs.TellsRolloutState) primary["rolloutState"] = Current.IsOver(now) ? (status == "ROLLBACK_FAILED" ? "FAILED" : "COMPLETED") : "IN_PROGRESS";
        var deployments = new JsonArray(primary);
        if (left > 0 || (!Current.IsOver(now) && old is not null && old != Current.Primary(now)))
            deployments.Add(new JsonObject
            {
                ["id"] = "ecs-svc/other",
                ["status"] = "ACTIVE",
                ["taskDefinition"] = old,
                ["desiredCount"] = isBack ? 0 : Current.WantedOld(now),
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
            ["networkConfiguration"] = new JsonObject { ["awsvpcConfiguration"] = new JsonObject { ["subnets"] = new JsonArray("subnet-1"), ["securityGroups"] = new JsonArray("sg-1"), ["assignPublicIp"] = "ENABLED" } },
            ["deploymentConfiguration"] = Configuration.DeepClone(),
            ["deployments"] = deployments,
            ["tags"] = tags.DeepClone(),
        };
        if (ecs.KnowsDeployments) described["currentServiceDeployment"] = Current.Arn;
        foreach (var (member, value) in More)
            if (value is null) described.Remove(member);
            else described[member] = value.DeepClone();
        return described;
    }

    private bool HasBreaker => Configuration["deploymentCircuitBreaker"] is JsonObject { } breaker
        && (breaker["enable"]?.GetValue<bool>() ?? false) && (breaker["rollback"]?.GetValue<bool>() ?? false);
}
