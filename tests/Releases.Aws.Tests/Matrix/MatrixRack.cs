using Amazon.Runtime;
using Releases.Aws.Tests.Engine;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Releases.Tool;
using Xunit;

namespace Releases.Aws.Tests.Matrix;

/// <summary>
/// All of AWS that a rack uses, over real HTTP with responses that can be broken, and the whole tool on it, in one
/// virtual time. Each scenario has an app of its own.
/// </summary>
internal sealed class MatrixRack(DynamoDbLocal dynamo, string cluster) : IAsyncLifetime
{
    private readonly SimulatedKms _kms = new();
    private readonly SimulatedSignIn _signIn = new();
    private readonly SimulatedIam _iam = new();
    private readonly SimulatedAutoScaling _scaling = new();
    private readonly SimulatedLoadBalancers _balancing = new();
    private readonly SimulatedEventBridge _bridge = new();
    private readonly List<BrokenResponses> _services = [];
    private readonly SimulatedRegistry _registry = new();
    private SimulatedEcr _ecr = null!;
    private CheckingProxy _dynamo = null!;
    private PumpedTime _time = null!;
    private DynamoReleaseStore _setUp = null!;
    private SeededApps _seeded = null!;

    public string Cluster => cluster;

    public SimulatedIam Iam => _iam;

    public SimulatedKms Kms => _kms;

    /// <summary>What stands for AWS's session-manager-plugin; null: it isn't installed.</summary>
    public string? Plugin { get; set; } = "/bin/true";

    /// <summary>Where commands are typed.</summary>
    public string Folder { get; set; } = AppContext.BaseDirectory;

    /// <summary>An app whose release is active, for who only looks.</summary>
    public MatrixApp? Active { get; set; }

    public SimulatedEcs Ecs { get; } = new() { Cluster = cluster, TimeToHealthy = TimeSpan.FromSeconds(10) };

    public SimulatedSecretsManager Secrets { get; } = new();

    public SimulatedLogs Logs { get; } = new();

    public IReadOnlyList<BrokenResponses> Services => _services;

    public DynamoReleaseStore Records => _setUp;

    public AwsConnection Connection => new("eu-west-1", new AwsClock(_time))
    {
        Credentials = new BasicAWSCredentials("test", "test"),
        Pace = TimeSpan.FromSeconds(10),
        Program = _ => Plugin,
        Address = id => _services.Single(p => p.Service == id).Address,
    };

    public async ValueTask InitializeAsync()
    {
        await _registry.Start();
        _ecr = new(_registry.Address);
        foreach (var service in Simulated) await service.Start();
        await _signIn.Start();
        await _iam.Start();
        await _balancing.Start();
        _balancing.Targets = () => Ecs.Addresses;
        Ecs.StandaloneTasks.Logs = Logs;
        _dynamo = await dynamo.Checked();
        (string Service, LoopbackServer Server)[] services =
        [
            ("DynamoDB", _dynamo), ("KMS", _kms), ("STS", _signIn), ("IAM", _iam), ("ECS", Ecs), ("ECR", _ecr),
            ("Secrets Manager", Secrets), ("CloudWatch Logs", Logs), ("Application Auto Scaling", _scaling),
            ("Elastic Load Balancing v2", _balancing), ("EventBridge", _bridge),
        ];
        _services.AddRange(services.Select(s => new BrokenResponses(s.Service, s.Server, Ecs.Virtual)));
        _time = new(Ecs.Virtual, () => _services.Sum(p => Volatile.Read(ref p.Silent)));
        await InitRack.Run(Address(Cluster), Connection, _ => { }, Cancel);
        // By the pumped time: virtual time stands still while the test itself reads, however long that takes.
        _setUp = await DynamoReleaseStore.Open(dynamo.Client(), AwsNames.Table(Cluster), _time, Cancel);
        var vault = new KmsVault(_kms.Client(), AwsNames.Key(Cluster), $"eu-west-1/{Cluster}", new(TimeProvider.System));
        _seeded = new(_setUp, vault, Ecs, _ecr, Logs);
    }

    public async ValueTask DisposeAsync()
    {
        await _time.DisposeAsync();
        if (_setUp is not null) await _setUp.DisposeAsync();
        foreach (var service in Simulated) await service.DisposeAsync();
        await _signIn.DisposeAsync();
        await _iam.DisposeAsync();
        await _balancing.DisposeAsync();
        await _registry.DisposeAsync();
        await _dynamo.DisposeAsync();
    }

    /// <summary>A new app with a release of two services, each of which runs a bootstrap on ECS.</summary>
    public Task<MatrixApp> MakeApp(string manifest = EcsScenario.TwoServices) => _seeded.Make(manifest);

    /// <summary>One more release of an app.</summary>
    public Task<Release> Release(AppName name, string secret, string manifest = EcsScenario.TwoServices, char digit = 'a') =>
        _seeded.Release(name, secret, manifest, digit);

    /// <summary>ECR has a release's images, each with the tag that its build gave it.</summary>
    public async Task Tag(AppName app, Release release)
    {
        foreach (var (service, content) in release.Services)
        {
            _registry.Tags[$"convox/{app}-{service}"] = new() { [content.Build.ToString()!] = content.Artifact!.Digest };
            await _setUp.SaveBuild(A.Build(app: app) with { Id = content.Build!.Value, StartedAt = A.Moment }, Cancel);
        }
    }

    /// <summary>Something writes half a document over a record's.</summary>
    public async Task Damage(Key record)
    {
        using var client = dynamo.Client();
        await client.UpdateItemAsync(
            new()
            {
                TableName = AwsNames.Table(Cluster),
                Key = record.Attributes(),
                UpdateExpression = $"SET {Item.DocumentName} = :half",
                ExpressionAttributeValues = new() { [":half"] = new("{") },
            }, Cancel);
    }

    /// <summary>Types a command.</summary>
    public async Task<MatrixRun> Type(AppName? app, string on, CancellationToken cancel, params string[] words)
    {
        using var terminal = new MatrixTerminal();
        var began = Ecs.Virtual.GetUtcNow();
        var code = await Run(terminal, app, on, cancel, words);
        return new(code, terminal.Text, Ecs.Virtual.GetUtcNow() - began);
    }

    /// <summary>The same, for whoever looks at the terminal meanwhile.</summary>
    public Task<int> Run(ITerminal terminal, AppName? app, string on, CancellationToken cancel, params string[] words)
    {
        var host = new ToolHost(
            terminal, _time, Folder,
            name => name == "CONVOX_APP" ? app?.ToString() : name == "CONVOX_RACK" ? Address(on).ToString() : null,
            new(new AwsRackKind(Connection)));
        return ConvoxTool.Run(words, host, cancel);
    }

    /// <summary>What a publish asks ECR for; the tool does it between two runs of the SDK.</summary>
    public async Task<MatrixRun> AskForTarget(AppName app)
    {
        using var terminal = new MatrixTerminal();
        var began = Ecs.Virtual.GetUtcNow();
        try
        {
            await using var rack = await AwsRack.Open(Address(Cluster), _ => { }, Connection, Cancel);
            await rack.Artifacts.ImageTarget(app, ServiceName.Parse("new"), Cancel);
            return new(0, "", Ecs.Virtual.GetUtcNow() - began);
        }
#pragma warning disable CA1031 // As the tool does it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var code = new ErrorReport(terminal, new(null, null), json: false, debug: false).Write(failure);
            return new(code, terminal.Text, Ecs.Virtual.GetUtcNow() - began);
        }
    }

    /// <summary>Fails the scenario whose requests or answers broke a rule of AWS's models, and not the last one on this rack.</summary>
    public void RequireModels()
    {
        foreach (var service in Simulated) service.Model.Require();
        _signIn.Model.Require();
        _iam.Model.Require();
        _dynamo.Model.Require();
        _balancing.Model.Require();
    }

    internal static AwsAddress Address(string cluster) => new("eu-west-1", cluster);

    private IEnumerable<SimulatedService> Simulated => [_kms, Secrets, Logs, _scaling, Ecs, _ecr, _bridge];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}

/// <summary>How a scenario ended.</summary>
internal sealed record MatrixRun(int Code, string Text, TimeSpan Took);
