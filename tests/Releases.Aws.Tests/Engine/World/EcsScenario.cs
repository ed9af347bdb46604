using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Releases.Tool;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>An app of two services on the simulated ECS, with a verified release v1 and a newer v2, and a driver for their
/// promotions.</summary>
internal sealed class EcsScenario : IAsyncDisposable
{
    public const string TwoServices =
        """
        environment:
          - GREETING=hello
          - SECRET
        services:
          web:
            build: Web
            port: 8080
            x-aws: { container: web }
          api:
            build: Api
            x-aws: { container: web }
        """;

    /// <summary>More than a driver can have under way when it dies.</summary>
    private const int MaxLooks = 10;

    private static readonly Artifact Image = new()
    {
        Digest = "sha256:" + new string('a', 64),
        Kind = ArtifactKind.Image,
        Reference = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/convox/hello@sha256:" + new string('a', 64),
        RuntimeIdentifiers = ["linux-x64"],
    };

    /// <summary>
    /// The limit of a promotion that fails by it and is repeated for each write at which its driver dies. It is longer than a take-over takes.
    /// </summary>
    public static readonly TimeSpan ShortLimit = TimeSpan.FromMinutes(2);

    private readonly InMemoryArtifactStore _artifacts = new();

    private EcsScenario(EcsWorld world) => World = world;

    public EcsWorld World { get; }

    public SimulatedEcs Ecs => World.Ecs;

    public Release V1 { get; private set; } = null!;

    public Release V2 { get; private set; } = null!;

    /// <summary>What each service ran before any release.</summary>
    public Dictionary<string, string> Bootstrap { get; } = [];

    /// <summary>The records as the driver has them; a test puts something of its own between.</summary>
    public IReleaseStore Records { get; set; } = null!;

    public PromotionDriver Driver => new(Records, Plans, _artifacts, PatientEngine.Around(World.Driver, Ecs.Virtual), Clock ?? Ecs.Virtual);

    public BeginPromotion Beginning => new(Records, Plans, Clock ?? Ecs.Virtual);

    private ReleasePlanReader Plans => new(Records, World.Vault, "production");

    /// <summary>The driver's clock; null: the world's own.</summary>
    public TimeProvider? Clock { get; set; }

    /// <summary>With the records in memory, or in DynamoDB where it is their conditional writes that a test is about.</summary>
    public static async Task<EcsScenario> Start(bool promoteTheFirst = true, string manifest = TwoServices, DynamoDbLocal? dynamo = null)
    {
        var scenario = new EcsScenario(await EcsWorld.Start(dynamo));
        scenario._artifacts.Add(Image);
        scenario.Records = scenario.World.Store;
        foreach (var service in ManifestReader.Read(manifest, "convox.yml").Manifest!.Services.Select(s => s.Name.ToString()))
            scenario.Bootstrap[service] = scenario.World.Serve(service);
        scenario.V1 = await scenario.AddRelease(manifest, ("SECRET", "first secret"));
        if (promoteTheFirst)
        {
            var first = await scenario.Run(scenario.V1);
            Assert.True(first.Status == PromotionStatus.Succeeded, first.Reason);
        }

        scenario.V2 = await scenario.AddRelease(manifest, ("SECRET", "second secret"));
        return scenario;
    }

    public async Task<Release> AddRelease(string manifest, params (string Key, string Value)[] environment)
    {
        var set = EnvironmentSet.Of(environment.Select(v => KeyValuePair.Create(v.Key, v.Value)));
        var snapshot = SnapshotId.New();
        var app = await World.Store.App(cancel: Cancel);
        var read = ManifestReader.Read(manifest, "convox.yml");
        Assert.Empty(read.Problems);
        var release = A.Release(app.LastNumber + 1) with
        {
            Manifest = ManifestId.Of(manifest),
            Environment = snapshot,
            Services = read.Manifest!.Services.ToDictionary(s => s.Name,
                s => new ReleaseService { Artifact = Image, Build = BuildId.New(), Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584" }),
        };
        Assert.True(await World.Store.TryAddRelease(
            new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), manifest,
                await World.Vault.Seal(A.App, snapshot, set, Cancel)), Cancel));
        return release;
    }

    public async Task<PromotionLock> Begin(
        Release release, TimeSpan? timeout = null, TimeSpan? holdFor = null, PromotionTrace? trace = null)
    {
        var request = new PromotionRequest(PromotionId.New(), A.App, release.Id, A.Person)
        { Timeout = timeout, HoldFor = holdFor, Trace = trace };
        return (await Beginning.Run(request, "a test", Cancel)).Held!;
    }

    public async Task<Promotion> Run(Release release, TimeSpan? timeout = null) =>
        await Driver.Drive(await Begin(release, timeout), Cancel);

    /// <summary>
    /// Some time after a driver has died another process takes its promotion over and drives it, where it is still open. Gives how it
    /// ended.
    /// </summary>
    public async Task<Promotion> TakeOver(PromotionLock dead, TimeSpan after)
    {
        Records = World.Store;
        if (await World.Store.FindLock(A.App, Cancel) is not null)
        {
            Ecs.Virtual.Advance(after);
            World.Renew().TakenOver();
            if (await TakeLock(dead) is { } taken) await Driver.Drive(taken, Cancel);
        }

        return (await World.Store.FindPromotion(A.App, dead.Promotion, Cancel))!;
    }

    /// <summary>
    /// Takes a promotion's lock; null: it has ended. What the dead driver had sent may still be written between the look and the take-over,
    /// as a request to DynamoDB that is cancelled may still take effect: then a successor reads again.
    /// </summary>
    public async Task<PromotionLock?> TakeLock(PromotionLock dead)
    {
        for (var looks = 0; looks < MaxLooks; looks++)
        {
            if (await World.Store.FindLock(A.App, Cancel) is not { } seen || seen.Promotion != dead.Promotion) return null;
            if (await World.Store.TakeOver(seen, "successor", A.Event(EventKind.PromotionTakenOver), Cancel) is { } taken) return taken;
        }

        throw new InvalidOperationException($"A driver that is dead wrote {MaxLooks} times.");
    }

    public async Task<ReleaseId?> Active() => (await World.Store.FindApp(A.App, Cancel))!.Active;

    /// <summary>The release that a service runs by its task definition; null: none of ours.</summary>
    public string? Runs(string service) =>
        Ecs.Runs("hello-" + service) is { } arn ? TaskTags.Find(Ecs.Definitions.TagsOf(arn), "convox:release") ?? arn : null;

    /// <summary>
    /// Tasks become healthy soon, for whoever repeats a promotion for each of its writes: more looks between two writes would show
    /// nothing more.
    /// </summary>
    public void BecomeHealthySoon() => Ecs.TimeToHealthy = TimeSpan.FromSeconds(6);

    /// <summary>How many deployments a service had since the first two.</summary>
    public int Deployments(string service) => Ecs["hello-" + service].Deployments.Count - 2;

    /// <summary>What the tool prints of it and exits with.</summary>
    public static (int ExitCode, string Text) Output(Promotion promotion)
    {
        if (promotion.Status == PromotionStatus.Succeeded) return (0, "");
        var problems = FailedPromotion.Problems(promotion, new(promotion.Release.ToString(), promotion.Previous?.ToString()));
        return (ExitCode.Of(problems[0].Kind), string.Join('\n', problems.Select(p => p.Sentence)));
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
