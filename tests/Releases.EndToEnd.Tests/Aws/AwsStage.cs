using System.Text.Json.Nodes;
using Releases.EndToEnd.Tests.Publishing;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.EndToEnd.Tests.Aws;

/// <summary>All of AWS that a rack needs, on loopback, and an app of one web project whose service is there and runs a bootstrap.</summary>
/// <param name="packages">The packages.</param>
/// <param name="login">What the rack's registry lets in alone; null: everybody. Another registry has the base image then.</param>
public sealed class AwsStage(PackedPackages packages, (string Line, string Password)? login = null) : IAsyncLifetime
{
    public const string Address = "aws://eu-west-1/production";

    private readonly DynamoDbLocal _dynamo = new();
    private readonly OciRegistry _registry = new(login);
    private readonly OciRegistry _bases = new();
    private readonly SimulatedKms _kms = new();
    private readonly SimulatedSecretsManager _secrets = new();
    private readonly SimulatedLogs _logs = new();
    private readonly SimulatedAutoScaling _scaling = new();
    private readonly SimulatedSignIn _signIn = new();
    private readonly SimulatedEcs _ecs = new(TimeProvider.System) { TimeToHealthy = TimeSpan.FromSeconds(2) };
    private SimulatedEcr _ecr = null!;

    internal SimulatedEcs Ecs => _ecs;

    internal SimulatedLogs Logs => _logs;

    internal SimulatedSecretsManager Secrets => _secrets;

    internal OciRegistry Registry => _registry;

    /// <summary>The image that the project's own are made of.</summary>
    internal string BaseImage => $"{(login is null ? _registry : _bases).Host}/{OciRegistry.BaseImage}:1";

    internal Workspace Workspace { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_dynamo.InitializeAsync().AsTask(), _registry.InitializeAsync().AsTask());
        if (login is not null) await _bases.InitializeAsync();
        _ecr = new(_registry.Address);
        foreach (var service in All) await service.Start();
        await _signIn.Start();
        Workspace = new(packages);
        Workspace.AddProject("Web",
            properties: $"<OutputType>Exe</OutputType><RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>false</SelfContained><ContainerBaseImage>{BaseImage}</ContainerBaseImage>");
        Workspace.Write("convox.yml", "environment:\n  - GREETING=hello\n  - \"*\"\nservices:\n  web:\n    build: Web\n    port: 8080\n");
        foreach (var (name, value) in Variables) Workspace.Variables[name] = value;
        var bootstrap = (JsonObject)JsonNode.Parse(
            """
            {
              "family": "bootstrap", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512", "executionRoleArn": "arn:aws:iam::111122223333:role/execution",
              "containerDefinitions": [{
                "name": "web", "image": "bootstrap:1", "essential": true, "portMappings": [{"containerPort": 8080}],
                "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/convox/production/shop", "awslogs-stream-prefix": "web"}}
              }]
            }
            """)!;
        _ecs.Add("shop-web", _ecs.Definitions.Add(bootstrap), desired: 1, [new JsonObject { ["key"] = "convox:app", ["value"] = "shop" }]);
        _ecs.StandaloneTasks.Logs = _logs;
        _logs.Groups["/convox/production/shop"] = [(DateTimeOffset.UtcNow, "no database")];
    }

    public async ValueTask DisposeAsync()
    {
        Workspace?.Dispose();
        foreach (var service in All) await service.DisposeAsync();
        await _signIn.DisposeAsync();
        await _registry.DisposeAsync();
        await _bases.DisposeAsync();
        await _dynamo.DisposeAsync();
    }

    /// <summary>Starts the tool in the app's folder and does not wait.</summary>
    public RunningTool Start(params string[] arguments) => TestRack.Start(Workspace.Folder, Workspace.Variables, arguments);

    /// <summary>Runs the tool and waits until it ends.</summary>
    public Task<ToolRun> Run(params string[] arguments) => Start(arguments).Ended;

    /// <summary>Runs the tool and must succeed.</summary>
    public async Task<string> Do(params string[] arguments)
    {
        var run = await Run(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode}\n{run.All}");
        return run.Out;
    }

    internal void NextBehaviors(params TaskBehavior[] behaviors) => _ecs.Behaviors["shop-web"] = new(behaviors);

    private SimulatedService[] All => [_kms, _secrets, _logs, _scaling, _ecs, _ecr];

    private Dictionary<string, string?> Variables => new()
    {
        ["CONVOX_RACK"] = Address,
        ["CONVOX_ACTOR"] = "somebody@box",
        ["CONVOX_ECR_REGISTRY"] = _registry.Host,
        ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = $"{_registry.Host};{_bases.Host}",
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_ENDPOINT_URL_DYNAMODB"] = _dynamo.Endpoint.ToString(),
        ["AWS_ENDPOINT_URL_STS"] = _signIn.Address.ToString(),
        ["AWS_ENDPOINT_URL_KMS"] = _kms.Address.ToString(),
        ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = _secrets.Address.ToString(),
        ["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = _logs.Address.ToString(),
        ["AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING"] = _scaling.Address.ToString(),
        ["AWS_ENDPOINT_URL_ECS"] = _ecs.Address.ToString(),
        ["AWS_ENDPOINT_URL_ECR"] = _ecr.Address.ToString(),
    };
}
