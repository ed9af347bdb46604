using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Releases.Tool;
using Xunit;

namespace Releases.Aws.Tests.Chaos;

/// <summary>
/// All of AWS over real HTTP, by a clock that may run faster than the machine's, and the tool on it in processes of its own, which die
/// when they have asked for something.
/// </summary>
internal sealed class ChaosRack(DynamoDbLocal dynamo, ChaosPace pace, string cluster) : IAsyncLifetime
{
    private static readonly string[] Changes =
    [
        "RegisterTaskDefinition", "DeregisterTaskDefinition", "UpdateService", "StopServiceDeployment", "ContinueServiceDeployment", "RunTask",
        "StopTask",
    ];

    private readonly SimulatedKms _kms = new();
    private readonly SimulatedSignIn _signIn = new();
    private readonly SimulatedAutoScaling _scaling = new();
    private readonly SimulatedSecretsManager _secrets = new();
    private readonly SimulatedLogs _logs = new();
    private readonly SimulatedRegistry _registry = new();
    private readonly SemaphoreSlim _one = new(1);
    private readonly SharedList<LoggedRequest> _log = [];
    private SimulatedEcr _ecr = null!;
    private CheckingProxy _dynamo = null!;

    public SimulatedEcs Ecs { get; } = new(pace.Time) { Cluster = cluster };

    public DynamoReleaseStore Records { get; private set; } = null!;

    public SeededApps Apps { get; private set; } = null!;

    public IReadOnlyList<LoggedRequest> Log => _log;

    /// <summary>What becomes of a process that asks for a change; null: nothing.</summary>
    public Func<string, Death?> DeathOf { get; set; } = _ => null;

    /// <summary>Kills the process of this name.</summary>
    public Action<string> Kill { get; set; } = _ => { };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<SimulatedService> Simulated => [_kms, _secrets, _logs, _scaling, Ecs, _ecr];

    public async ValueTask InitializeAsync()
    {
        await _registry.Start();
        _ecr = new(_registry.Address);
        foreach (var service in Simulated) await service.Start();
        await _signIn.Start();
        Ecs.Middleware = Answer;
        Ecs.StandaloneTasks.Logs = _logs;
        _dynamo = await dynamo.Checked();
        _dynamo.Middleware = (context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.Date = pace.Time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
                return Task.CompletedTask;
            });
            return next(context);
        };
        await InitRack.Run(new("eu-west-1", cluster), Connection(TimeProvider.System), _ => { }, Cancel);
        Records = await DynamoReleaseStore.Open(dynamo.Client(), AwsNames.Table(cluster), TimeProvider.System, Cancel);
        var vault = new KmsVault(_kms.Client(), AwsNames.Key(cluster), $"eu-west-1/{cluster}", new(TimeProvider.System));
        Apps = new(Records, vault, Ecs, _ecr, _logs);
    }

    public async ValueTask DisposeAsync()
    {
        await Records.DisposeAsync();
        foreach (var service in Simulated) await service.DisposeAsync();
        await _signIn.DisposeAsync();
        await _registry.DisposeAsync();
        await _dynamo.DisposeAsync();
        _one.Dispose();
    }

    /// <summary>A process of the tool that AWS knows by its name.</summary>
    public ChaosProcess Start(string name, AppName? app, params string[] words)
    {
        var variables = Variables;
        (variables["AWS_SDK_UA_APP_ID"], variables["CONVOX_APP"]) = (name, app?.ToString());
        return ChaosProcess.Start(name, pace, variables, words);
    }

    /// <summary>Runs a command in this process, which is cheaper than one of its own.</summary>
    public async Task<(int ExitCode, string Text)> Run(AppName app, CancellationToken cancel, params string[] words)
    {
        using var terminal = new MatrixTerminal();
        var host = new ToolHost(
            terminal, pace.Time, AppContext.BaseDirectory,
            name => name == "CONVOX_APP" ? app.ToString() : Variables.GetValueOrDefault(name),
            new(new AwsRackKind(Connection(new AwsClock(pace.Time)))));
        return (await ConvoxTool.Run(words, host, cancel), terminal.Text);
    }

    /// <summary>Does something while ECS answers nobody.</summary>
    public async Task WhileEcsWaits(Action act)
    {
        await _one.WaitAsync(Cancel);
        try
        {
            act();
        }
        finally
        {
            _one.Release();
        }
    }

    private AwsConnection Connection(TimeProvider time) => new("eu-west-1", time)
    {
        Credentials = new BasicAWSCredentials("test", "test"),
        Address = id => id switch
        {
            "DynamoDB" => _dynamo.Address,
            "STS" => _signIn.Address,
            "KMS" => _kms.Address,
            "ECS" => Ecs.Address,
            "ECR" => _ecr.Address,
            "Secrets Manager" => _secrets.Address,
            "CloudWatch Logs" => _logs.Address,
            "Application Auto Scaling" => _scaling.Address,
            _ => null,
        },
    };

    private Dictionary<string, string?> Variables => new()
    {
        ["CONVOX_RACK"] = $"aws://eu-west-1/{cluster}",
        ["CONVOX_ACTOR"] = "somebody@box",
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_ENDPOINT_URL_DYNAMODB"] = _dynamo.Address.ToString(),
        ["AWS_ENDPOINT_URL_STS"] = _signIn.Address.ToString(),
        ["AWS_ENDPOINT_URL_KMS"] = _kms.Address.ToString(),
        ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = _secrets.Address.ToString(),
        ["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = _logs.Address.ToString(),
        ["AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING"] = _scaling.Address.ToString(),
        ["AWS_ENDPOINT_URL_ECS"] = Ecs.Address.ToString(),
        ["AWS_ENDPOINT_URL_ECR"] = _ecr.Address.ToString(),
    };

    /// <summary>One change at a time, so that the log has them in the order in which they took effect.</summary>
    private async Task Answer(HttpContext context, RequestDelegate next)
    {
        var operation = context.Request.Headers["X-Amz-Target"].ToString().Split('.')[^1];
        var sender = context.Request.Headers.UserAgent.ToString().Split(' ')
            .FirstOrDefault(p => p.StartsWith("app/", StringComparison.Ordinal))?[4..] ?? "";
        var death = Changes.Contains(operation) ? DeathOf(sender) : null;
        context.Request.EnableBuffering();
        if (death is not (null or Death.AfterTheEffect)) Kill(sender);
        // The network may keep a request of the dead for as long as one is waited for, and no longer.
        if (death is Death.LateEffect) await Task.Delay(ChaosPace.LatestArrival * 0.8, pace.Time, CancellationToken.None);
        await _one.WaitAsync(CancellationToken.None);
        try
        {
            if (death is Death.BeforeTheEffect || pace.IsTooLate(context.Request))
            {
                context.Abort();
                return;
            }

            var at = pace.Time.GetUtcNow();
            var output = await Buffered(context, next);
            if (Changes.Contains(operation))
                _log.Add(new(at, sender, operation, await Input(context.Request),
                    context.Response.StatusCode == StatusCodes.Status200OK ? JsonNode.Parse(output)!.AsObject() : null));
            if (death is Death.AfterTheEffect) Kill(sender);
            if (death is null) await context.Response.WriteAsync(output, CancellationToken.None);
            else context.Abort();
        }
        finally
        {
            _one.Release();
        }
    }

    private static async Task<string> Buffered(HttpContext context, RequestDelegate next)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        await next(context);
        context.Features.Set(body);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static async Task<JsonObject> Input(HttpRequest request)
    {
        request.Body.Position = 0;
        return (await JsonNode.ParseAsync(request.Body))!.AsObject();
    }
}
