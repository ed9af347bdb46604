namespace Releases.Aws;

/// <summary>What the engine is made of.</summary>
internal sealed record EcsParts(
    EcsClient Ecs, FencedChange Change, RegisterOnce Register, UpdateOnce Update, RolloutReader Look, ServiceRollback Back, RollbackPermissions RollbackPermissions, ServicePlanReader Plans, BaseTaskDefinitions Bases,
    ReleaseSecrets Secrets, DesiredCounts Counts, TaskFailures Failed, RunTaskOnce RunTask, TaskCompletion End, ReleaseTask Release,
    PromotionCleanup Settle)
{
    /// <summary>Puts them together.</summary>
    /// <param name="clients">Asks AWS.</param>
    /// <param name="cluster">The ECS cluster's name.</param>
    /// <param name="store">The records.</param>
    /// <param name="recorded">The base task definitions.</param>
    /// <param name="vault">Opens environments.</param>
    /// <param name="time">For pauses.</param>
    public static EcsParts Of(AwsClients clients, string cluster, IReleaseStore store, IBaseTaskDefinitionStore recorded, IVault vault, TimeProvider time)
    {
        var ecs = new EcsClient(clients.Ecs, cluster);
        var change = new FencedChange(ecs, time);
        var update = new UpdateOnce(ecs, change, time);
        var look = new RolloutReader(ecs, update, time);
        var bases = new BaseTaskDefinitions(recorded, vault, ecs);
        var read = new ServicePlanReader(ecs, bases);
        var counts = new DesiredCounts(bases, clients.AutoScaling, cluster);
        var register = new RegisterOnce(ecs, change, time);
        var lines = new TaskOutput(clients.Logs);
        var run = new RunTaskOnce(ecs, change, time);
        var end = new TaskCompletion(ecs, lines, time);
        return new(
            ecs, change, register, update, look, new(change, update, look), new(ecs), read, bases,
            new(store, vault, new(clients.SecretsManager, cluster, time)), counts, new(ecs, lines),
            run, end, new(ecs, change, register, run, end), new(ecs, change, read, bases, counts, new(ecs, change)));
    }
}
