using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>Its services.</summary>
internal sealed partial class SimulatedEcs
{
    private JsonObject Describe(JsonObject input)
    {
        RequireCluster(input);
        var asked = Texts(input, "services");
        if (asked.Count > 10) throw new ServiceError("InvalidParameterException", "Services should have at most 10 items.");
        return new()
        {
            ["services"] = new JsonArray([.. asked.Where(_services.ContainsKey)
                .Select(s => _services[s].StaleOr(_services[s].Describe(this)))]),
            ["failures"] = new JsonArray([.. asked.Where(s => !_services.ContainsKey(s))
                .Select(s => new JsonObject { ["arn"] = $"{SimulatedEcsService.Prefix}service/production/{s}", ["reason"] = "MISSING" })]),
        };
    }

    private JsonObject Update(JsonObject input)
    {
        RequireCluster(input);
        if (input.Select(m => m.Key).FirstOrDefault(m => !Updatable.Contains(m)) is { } unknown)
            throw new ServiceError("ValidationException", $"Unknown member {unknown}.");
        var service = Service(input);
        if (service.More["status"]?.GetValue<string>() == "INACTIVE")
            throw new ServiceError("ServiceNotActiveException", "Service was not ACTIVE.");
        var target = input["taskDefinition"]?.GetValue<string>() is { } wanted ? Definitions.RequireActive(wanted) : null;
        service.ServeStale(LaggingReads, service.Describe(this));
        if (input["desiredCount"]?.GetValue<int>() is { } desired) service.Desired = desired;
        if (input["deploymentConfiguration"]?["strategy"]?.GetValue<string>() is "BLUE_GREEN" or "LINEAR" or "CANARY" && !service.CanShift)
            throw new ServiceError("InvalidParameterException",
                "The deployment strategy requires advancedConfiguration on the load balancer.");
        RequireOwnSteps(input["deploymentConfiguration"]);
        if ((input["deploymentConfiguration"]?["lifecycleHooks"] as JsonArray ?? [])
            .Any(h => h!["targetType"]?.GetValue<string>() == "PAUSE"
            && h["lifecycleStages"]!.AsArray().Any(s => s!.GetValue<string>() is "TEST_TRAFFIC_SHIFT" or "PRODUCTION_TRAFFIC_SHIFT")))
            throw new ServiceError("InvalidParameterException", "PAUSE hooks cannot be configured at this stage.");
        if (input["deploymentConfiguration"] is JsonObject configuration)
        {
            var merged = MergesConfiguration ? service.Configuration : [];
            foreach (var (member, value) in configuration) merged[member] = value?.DeepClone();
            service.Configuration = merged;
        }

        if (target is not null
            && (target != service.Current.Primary(Time.GetUtcNow()) || (input["forceNewDeployment"]?.GetValue<bool>() ?? false)))
        {
            var behavior = Behaviors.TryGetValue(service.Name, out var queue) && queue.TryDequeue(out var next)
                ? next
                : new TaskBehavior.BecomesHealthy(TimeToHealthy);
            service.Begin(target, behavior, Time.GetUtcNow());
        }

        return new() { ["service"] = service.Describe(this) };
    }

    /// <summary>The steps of a strategy are documented as valid with it alone.</summary>
    private static void RequireOwnSteps(JsonNode? configuration)
    {
        foreach (var (member, strategy) in ((string, string)[])[("canaryConfiguration", "CANARY"), ("linearConfiguration", "LINEAR")])
            if (configuration?[member] is not null && configuration["strategy"]?.GetValue<string>() != strategy)
                throw new ServiceError("InvalidParameterException", $"{member} is only valid with the strategy {strategy}.");
    }
}
