namespace Releases.Aws;

/// <summary>Represents a rack on AWS: an ECS cluster, a DynamoDB table, images in ECR, and environments encrypted with a KMS key.</summary>
internal sealed class AwsRack : Rack
{
    private static readonly TimeSpan HookInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithoutHooks = TimeSpan.FromSeconds(30);

    private readonly AwsConnection _aws;
    private readonly AwsClients _clients;
    private readonly KeyClient _kms;
    private readonly DynamoReleaseStore _store;
    private readonly AwsDriver _driver;
    private readonly PublishedSecrets _secrets;
    private readonly ServiceScaling _scale;
    private readonly RolloutPreview _preview;
    private readonly PruneReleases _prune;
    private readonly Lazy<JsonService> _events;
    private HookHttp? _hookHttp;
    private HookDeliveries? _hooks;
    private readonly InFlightDeployments _inFlight;

    private AwsRack(AwsAddress address, DynamoReleaseStore store, AwsConnection aws, Action<string> tell)
    {
        var time = aws.Time;
        (_store, _kms, _clients, _aws) = (store, aws.Keys(), aws.Clients(), aws);
        (Address, Name) = (address.ToString(), address.Cluster);
        Vault = new KmsVault(_kms, AwsNames.Key(address.Cluster), $"{address.Region}/{address.Cluster}", aws.Calls());
        Images = new(_clients.Ecr, address.Region, aws.Registry, time);
        _secrets = new(_clients.SecretsManager, address.Cluster, time);
        var ecs = new EcsComposition(_clients, address.Cluster, store, store.Bases, Vault, time);
        var engine = ecs.Engine();
        var plans = new ReleasePlanReader(store, Vault, Name);
        Removal = new AwsArtifactRemoval(store, new(_clients.Ecr, store), new(store, ecs.Ecs, _clients.Ecs), time);
        _prune = new(store, Removal, time);
        var promotions = new AwsPromotions(store, new(store, plans, time), new(store, plans, Images, engine, time), engine, time);
        _driver = new(promotions, store.Agents, new(_prune, tell, time), tell, () => SendTrace);
        Agent = new AwsAgent(promotions, store.Agents, Duties, () => SendTrace);
        _scale = ecs.Scaling();
        (_preview, _inFlight) = (ecs.Preview(), new(ecs.Ecs));
        _events = new(aws.Events);
        EventBus = new EventBusSender(_events, time);
        OneOffs = ecs.OneOffs(aws);
        Running = ecs.Running();
        Exec = ecs.Exec(aws);
    }

    /// <inheritdoc/>
    public override string Address { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override IReleaseStore Store => _store;

    /// <inheritdoc/>
    public override IHookStore Hooks => _store;

    /// <inheritdoc/>
    public override IHookSender? EventBus { get; }

    /// <inheritdoc/>
    public override IArtifactStore Artifacts => Images;

    /// <summary>The artifacts, typed as the store of images.</summary>
    public EcrImages Images { get; }

    /// <inheritdoc/>
    public override IArtifactRemoval Removal { get; }

    /// <inheritdoc/>
    public override IVault Vault { get; }

    /// <inheritdoc/>
    public override IRunning Running { get; }

    /// <inheritdoc/>
    public override IOneOffs OneOffs { get; }

    /// <inheritdoc/>
    public override IProcessExec Exec { get; }

    /// <inheritdoc/>
    public override TimeProvider Clock(TimeProvider machine) => _aws.Time;

    /// <inheritdoc/>
    public override TimeSpan Pace => _aws.Pace;

    /// <inheritdoc/>
    public override TimeSpan PaceAfterChange => _aws.Pace;

    /// <inheritdoc/>
    public override string MetricsElsewhere => "CloudWatch has the metrics of its load balancer and of ECS.";

    /// <inheritdoc/>
    public override IPromotionDriver Driver => _driver;

    /// <summary>
    /// Opens a rack with the credentials, profile and endpoints of the usual AWS chain. Fails with <see cref="ProblemCode.NoRack"/>,
    /// <see cref="AwsProblemCode.Access"/>, <see cref="ProblemCode.Unreachable"/> or <see cref="ProblemCode.NewerFormat"/>.
    /// </summary>
    /// <param name="address">The region and the cluster.</param>
    /// <param name="tell">Receives a line when there is trouble with driving a promotion.</param>
    /// <param name="machine">The machine's clock.</param>
    /// <param name="cancel">Cancels the operation.</param>
    internal static async Task<AwsRack> Open(
        AwsAddress address, Action<string> tell, TimeProvider machine, CancellationToken cancel = default) =>
        await Open(address, tell, new AwsConnection(address.Region, new AwsClock(machine, tell)), cancel);

    internal static async Task<AwsRack> Open(AwsAddress address, Action<string> tell, AwsConnection aws, CancellationToken cancel)
    {
        await aws.RequireCredentials(cancel);
        return await AwsProblems.Translate($"the rack {address}", async () =>
        {
            var table = aws.Table();
            (aws.Time as AwsClock)?.LearnFrom(table);
            return new AwsRack(
                address, await DynamoReleaseStore.Open(table, AwsNames.Table(address.Cluster), aws.Time, aws.Calls(), cancel), aws, tell);
        });
    }

    /// <inheritdoc/>
    public override IRackAgent Agent { get; }

    /// <summary>
    /// Returns what an agent does periodically besides driving promotions. The intervals are long because every read costs money.
    /// </summary>
    private IReadOnlyList<PeriodicDuty> Duties(Action<string> report)
    {
        _hookHttp ??= new(_aws.Time);
        _hooks ??= new(_store, HookDelivery(_hookHttp, _aws.Time), report, _aws.Time);
        return
        [
            _hooks.Duty(HookInterval, WithoutHooks),
            new PruneDuty(_store, _prune, $"agent on {Environment.MachineName}", report, _aws.Time).Duty,
        ];
    }

    /// <summary>
    /// Checks the secret version of the active release, which new tasks need at start; a promotion publishes that of any other release.
    /// </summary>
    public override async Task<ReleaseCheck?> CheckEnvironment(App app, Release release, CancellationToken cancel = default)
    {
        if (app.Active != release.Id || release.Environment is not { } id || (await this.ReadEnvironment(release, cancel)).Count == 0)
            return null;
        return new(null, "secret", null, await _secrets.Missing(app.Name, id, cancel));
    }

    /// <summary>Every live agent delivers hooks.</summary>
    public override async Task<bool> DeliversHooks(CancellationToken cancel = default) => (await Status(cancel)).Agents is { Count: > 0 };

    /// <summary>The rack could be opened, so its table exists and is readable.</summary>
    public override async Task<RackStatus> Status(CancellationToken cancel = default)
    {
        var now = _aws.Time.GetUtcNow();
        return new(Address, AwsRackKind.KindName, RackState.Ready)
        {
            Agents = [.. (await _store.Agents.List(cancel)).Where(a => a.IsAlive(now))],
        };
    }

    /// <summary>Applies the count. Fails with <see cref="AwsProblemCode.Refused"/> if a scalable target controls it.</summary>
    public override Task ApplyScale(AppName app, ServiceName service, CancellationToken cancel = default) =>
        _scale.Run(app, service, cancel);

    /// <summary>What the release doesn't state is taken from the ECS service.</summary>
    public override Task<RackPlan> Plan(Rollout rollout, CancellationToken cancel = default) =>
        AwsProblems.Translate("ECS", () => _preview.Read(rollout, cancel));

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<InFlightDeployment>?> InFlight(
        App app, IReadOnlyList<ServiceSpec> services, CancellationToken cancel = default) =>
        await AwsProblems.Translate("ECS", () => _inFlight.Find(app, services, cancel));

    /// <summary>A count that nothing states is taken from the ECS service.</summary>
    public override async Task<IReadOnlyDictionary<ServiceName, int>?> DesiredCounts(AppName app, CancellationToken cancel = default) =>
        (await Running.Services(app, cancel)).ToDictionary(s => s.Service, s => s.Desired);

    /// <inheritdoc/>
    public override IReadOnlyList<Problem> CheckExtensions(Manifest manifest) => AwsSettings.CheckKeys(manifest);

    /// <inheritdoc/>
    public override Task<string?> Caller(CancellationToken cancel = default) => AwsCaller.Arn(_aws, cancel);

    /// <summary>Returns the ECS services whose tasks read the app's environment when they start.</summary>
    public override async Task<IReadOnlyList<string>> OutlivesRecords(AppName app, CancellationToken cancel = default) =>
        [.. (await Running.Services(app, cancel)).Where(s => s.Release is not null).Select(s => $"{s.Service}")];

    /// <summary>
    /// Schedules the deletion of the app's environments, which can be restored for 30 days. The records still exist at this point, so a
    /// caller without the permission can try again.
    /// </summary>
    public override Task BeforeDeletion(AppName app, CancellationToken cancel = default) => _secrets.ScheduleDeletion(app, cancel);

    /// <inheritdoc/>
    public override Task DeletionRefused(AppName app, CancellationToken cancel = default) => _secrets.CancelDeletion(app, cancel);

    /// <inheritdoc/>
    public override Task Forget(AppName app, CancellationToken cancel = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_hooks is not null) await _hooks.DisposeAsync();
        _hookHttp?.Dispose();
        await _driver.DisposeAsync();
        _clients.Dispose();
        if (_events.IsValueCreated) _events.Value.Dispose();
        _kms.Dispose();
        await _store.DisposeAsync();
    }
}

/// <summary>Defines the names of a rack's AWS resources.</summary>
internal static class AwsNames
{
    /// <summary>The variable with the registry to use instead of the account's ECR, such as a mirror or a test registry.</summary>
    public const string RegistryVariable = "CONVOX_ECR_REGISTRY";

    public static string Table(string cluster) => $"convox-{cluster}";

    public static string Key(string cluster) => $"alias/convox-{cluster}";

    public static string Secret(string cluster, AppName app) => $"convox/{cluster}/{app}";

    public static string Repository(AppName app, ServiceName service) => $"{Repositories}{app}-{service}";

    /// <summary>Separate from the repositories of apps, so that it is never pruned.</summary>
    public static string AgentRepository(string cluster) => $"convox-{cluster}/agent";

    /// <summary>Determines whether a repository was created by publishing.</summary>
    public static bool IsRepository(string name) => name.StartsWith(Repositories, StringComparison.Ordinal);

    private const string Repositories = "convox/";
}
