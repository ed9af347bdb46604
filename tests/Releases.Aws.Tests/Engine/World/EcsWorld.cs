using System.Text.Json.Nodes;
using Amazon.Runtime;
using Releases.Aws.Tests.Tasks;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>A cluster with an app's services, simulated over HTTP in virtual time, and the engine on it.</summary>
internal sealed class EcsWorld : EngineWorld
{
    private static readonly BasicAWSCredentials Somebody = new("test", "test");

    private readonly Dictionary<PromotionId, ReleaseId> _releases = [];
    private readonly InMemoryVault _vault = new();
    private AwsClients _clients = null!;
    private EcsEngine _engine = null!;
    private IBaseTaskDefinitionStore _bases = null!;

    private EcsWorld()
    {
    }

    public SimulatedEcs Ecs { get; } = new();

    public SimulatedSecretsManager Secrets { get; } = new();

    public SimulatedLogs Logs { get; } = new();

    public SimulatedAutoScaling Scaling { get; } = new();

    public SimulatedLoadBalancers Balancing { get; } = new();

    public override IEngine Engine => _engine;

    public override bool HoldsBack => false;

    public EcsEngine Driver => _engine;

    public IReleaseStore Store { get; private set; } = null!;

    public InMemoryVault Vault => _vault;

    public TimeProvider Stepping { get; private set; } = null!;

    /// <summary>With the records in DynamoDB; null: in memory.</summary>
    public static async Task<EcsWorld> Start(DynamoDbLocal? dynamo = null)
    {
        var world = new EcsWorld();
        foreach (var simulated in (SimulatedService[])[world.Ecs, world.Secrets, world.Logs, world.Scaling]) await simulated.Start();
        await world.Balancing.Start();
        world.Balancing.Targets = () => world.Ecs.Addresses;
        world.Logs.Groups["hello"] = [(A.Moment, "boom")];
        world.Ecs.StandaloneTasks.Logs = world.Logs;
        world.Stepping = new SteppingTime(world.Ecs.Virtual);
        world._clients = AwsClients.Open("eu-west-1", world.Ecs.Virtual, Somebody, s => s.Id switch
        {
            "ECS" => world.Ecs.Address,
            "Secrets Manager" => world.Secrets.Address,
            "CloudWatch Logs" => world.Logs.Address,
            "Elastic Load Balancing v2" => world.Balancing.Address,
            _ => world.Scaling.Address,
        }, (span, cancel) => Task.Delay(span, world.Stepping, cancel));
        (world.Store, world._bases) = dynamo is null ? (new InMemoryReleaseStore(), new InMemoryBaseTaskDefinitions()) : await Open(dynamo);
        world.Renew();
        return world;
    }

    private static async Task<(IReleaseStore, IBaseTaskDefinitionStore)> Open(DynamoDbLocal dynamo)
    {
        var store = await DynamoReleaseStore.Open(dynamo.Client(), await dynamo.MakeTable(), TimeProvider.System,
            TestContext.Current.CancellationToken);
        return (store, store.Bases);
    }

    /// <summary>Gives a running service the count of the records.</summary>
    public Task ApplyScale(ServiceName service) => Composition.Scaling().Run(A.App, service, TestContext.Current.CancellationToken);

    public EcsComposition Composition => new(_clients, "production", Store, _bases, _vault, Stepping);

    public JsonService EcsService => _clients.Ecs;

    public EcsRunning Running => Composition.Running();

    /// <summary>Runs commands beside promotions.</summary>
    public EcsOneOffs OneOffs => Composition.OneOffs(new("eu-west-1", Ecs.Virtual));

    /// <summary>Another process, which knows only what is written.</summary>
    public EcsEngine Renew() => _engine = Composition.Engine();

    /// <summary>A service of ECS that runs a task definition which is nobody's release.</summary>
    public string Serve(string service, int desired = 2)
    {
        var bootstrap = Bootstrap();
        bootstrap["family"] = "bootstrap-" + service;
        var arn = Ecs.Definitions.Add(bootstrap);
        Ecs.Add($"hello-{service}", arn, desired, [new JsonObject { ["key"] = "convox:app", ["value"] = "hello" }]);
        return arn;
    }

    public static JsonObject Bootstrap()
    {
        var bootstrap = ATaskRelease.Base();
        foreach (var described in (string[])["taskDefinitionArn", "revision", "status", "registeredAt", "registeredBy",
            "requiresAttributes", "compatibilities", "laterTaskMember"]) bootstrap.Remove(described);
        var web = bootstrap["containerDefinitions"]![0]!;
        web["logConfiguration"] = new JsonObject
        {
            ["logDriver"] = "awslogs",
            ["options"] = new JsonObject { ["awslogs-group"] = "hello", ["awslogs-stream-prefix"] = "hello" }
        };
        return bootstrap;
    }

    public override async Task<Rollout> Release(RolloutOutcome outcome, params string[] services)
    {
        var release = A.Release();
        var promotion = PromotionId.New();
        _releases[promotion] = release.Id;
        foreach (var service in services)
        {
            if (Ecs.Runs($"hello-{service}") is null) Serve(service);
            if (Behaviors(outcome) is { } behavior) Ecs.Behaviors[$"hello-{service}"] = new([behavior]);
        }

        var app = await Store.App(cancel: TestContext.Current.CancellationToken);
        return new Rollout(app, release, promotion, [.. services.Select(Spec)]);
    }

    public override Task<ReleaseId?> Serves(string service)
    {
        if (Ecs.Runs($"hello-{service}") is not { } arn) return Task.FromResult<ReleaseId?>(null);
        var tag = TaskTags.MarkOf(Ecs.Definitions.TagsOf(arn));
        return Task.FromResult(tag is null ? (ReleaseId?)null : _releases[PromotionId.Parse(tag)]);
    }

    /// <summary>ECS continues by itself; the new process has nothing but the journal.</summary>
    public override Task Die(Rollout? active)
    {
        Renew().TakenOver();
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await Store.DisposeAsync();
        await Balancing.DisposeAsync();
        foreach (var simulated in (SimulatedService[])[Ecs, Secrets, Logs, Scaling]) await simulated.DisposeAsync();
    }

    public static ServiceSpec Spec(string name) => new(
        AwsSettingsTests.Stating(name, "{ container: web }") with { Port = 8080 },
        new()
        {
            Artifact = new()
            {
                Digest = "sha256:" + new string('a', 64),
                Kind = ArtifactKind.Image,
                Reference = "registry/convox/hello@sha256:" + new string('a', 64),
                RuntimeIdentifiers = ["linux-x64"]
            }
        },
        1, new Dictionary<string, string>());

    private static TaskBehavior? Behaviors(RolloutOutcome outcome) => outcome switch
    {
        RolloutOutcome.Fails => new TaskBehavior.Fails(TimeSpan.FromSeconds(5)),
        RolloutOutcome.NeverHealthy => new TaskBehavior.NeverHealthy(),
        _ => null,
    };
}
