namespace Releases.Aws;

/// <summary>Composes what a rack does on ECS, without a container: the engine, one-off processes, scaling and reads.</summary>
internal sealed class EcsComposition
{
    private readonly AwsClients _clients;
    private readonly IReleaseStore _store;
    private readonly TimeProvider _time;
    private readonly ReleasePlanReader _plans;
    private readonly BaseTaskDefinitions _bases;
    private readonly VerifyTarget _target;
    private readonly RolloutCheck _checks;
    private readonly DesiredCounts _counts;
    private readonly RegisterOnce _register;
    private readonly RunTaskOnce _runTask;
    private readonly TaskOutput _output;
    private readonly TaskCompletion _completion;

    /// <param name="clients">The clients of the AWS services.</param>
    /// <param name="cluster">The name of the ECS cluster.</param>
    /// <param name="store">The store of the records.</param>
    /// <param name="recorded">The store of base task definitions.</param>
    /// <param name="vault">Opens environments.</param>
    /// <param name="time">The clock for limits and pauses.</param>
    public EcsComposition(
        AwsClients clients, string cluster, IReleaseStore store, IBaseTaskDefinitionStore recorded, IVault vault, TimeProvider time)
    {
        (_clients, _store, _time) = (clients, store, time);
        Ecs = new(clients.Ecs, cluster);
        Change = new(Ecs, time);
        _plans = new(store, vault, cluster);
        Secrets = new(store, vault, new(clients.SecretsManager, cluster, time));
        _bases = new(recorded, vault, Ecs);
        _target = new(Ecs, new(clients.LoadBalancing), new(clients.LoadBalancing), time);
        _checks = new(Ecs, new(Ecs, _bases), _target);
        _counts = new(clients.AutoScaling, cluster);
        _register = new(Ecs, Change, time);
        _runTask = new(Ecs, Change, time);
        _output = new(clients.Logs);
        _completion = new(Ecs, _output, time);
    }

    public EcsClient Ecs { get; }

    /// <summary>Shared by the whole process, because every change waits after a take-over.</summary>
    public FencedChange Change { get; }

    public ReleaseSecrets Secrets { get; }

    public EcsEngine Engine()
    {
        var update = new UpdateOnce(Ecs, Change, _time);
        var reader = new RolloutReader(Ecs, update, _time);
        var snapshots = new EcsSnapshots(Ecs, _time);
        var paused = new PausedDeployments(Change, update);
        var start = new ServiceStart(new(Ecs, _checks, _bases, _counts, _register), _checks, Secrets, _register, update);
        return new(
            snapshots, Change, _checks,
            new(_checks, Secrets, Change, _register, _runTask, _completion),
            new(_checks, Ecs, Secrets, Change, _register, _runTask, _completion, _target),
            start,
            new(reader, new(Ecs, _output)),
            new(snapshots, start, paused),
            paused,
            new(Change, update, reader),
            new(
                Ecs, Change, _checks.Plans, _counts, _bases, new(Ecs, Change), new(Ecs, Change, _register),
                new(Ecs, Change, _bases, _plans, _store), _store, _time),
            _time);
    }

    public EcsOneOffs OneOffs(AwsConnection aws) => new(
        _checks, Secrets, Change, _register, _runTask, new(_clients.Logs, _completion, _time),
        new(Ecs, new(Ecs, aws), _completion, _time));

    public RolloutPreview Preview() => new(Ecs, _bases);

    public ServiceScaling Scaling() => new(_store, new(_store, _plans), Ecs, Change, _counts);

    public EcsExec Exec(AwsConnection aws) => new(Running(), new(Ecs, aws));

    public EcsRunning Running() => new(_store, new(_store, _plans), Ecs, _clients.Logs, _time);
}
