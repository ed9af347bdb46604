using System.Globalization;
using Releases.Aws.Tests.Engine;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Matrix;

/// <summary>Something that a person does on a rack, and what it exits with where nothing goes wrong.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Code">The exit code.</param>
/// <param name="Promotes">Whether a promotion is what it is about.</param>
/// <param name="Prepare">What was there before.</param>
/// <param name="Do">Does it.</param>
/// <param name="OnlyLooks">Whether the app and what its services run is afterwards as before, so that the next such scenario may have
/// it.</param>
internal sealed record Scenario(
    string Name, int Code, bool Promotes, Func<MatrixRack, MatrixApp, Task> Prepare,
    Func<MatrixRack, MatrixApp, Task<MatrixRun>> Do, bool OnlyLooks = false)
{
    private static readonly string Verified =
        EcsScenario.TwoServices.Replace("port: 8080", "port: 8080\n    verify: ./smoke", StringComparison.Ordinal);

    private static int _clusters;

    /// <summary>What is released.</summary>
    public string Manifest { get; private init; } = EcsScenario.TwoServices;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("rack init", 0, false, Nothing, (rack, _) =>
            rack.Type(null, "c" + Interlocked.Increment(ref _clusters).ToString(CultureInfo.InvariantCulture), Cancel, "rack", "init")),
        Look("rack check", "rack", "check"),
        Look("apps", "apps"),
        Command("env set", "env", "set", "SECRET=other"),
        new("publish", 0, false, Nothing, (rack, app) => rack.AskForTarget(app.Name)),
        Promotion("promote", 0, Nothing),
        Promotion("promote what fails", 3, (rack, app) =>
        {
            rack.Ecs.Behaviors[$"{app.Name}-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
            rack.Ecs.Behaviors[$"{app.Name}-api"] = new([new TaskBehavior.NeverHealthy()]);
            return Task.CompletedTask;
        }),
        Promotion("promote with other versions of the secret", 0, SecretOfBefore),
        Promotion("promote while the secret is about to be deleted", 0, async (rack, app) =>
        {
            await SecretOfBefore(rack, app);
            rack.Secrets[$"convox/{rack.Cluster}/{app.Name}"].IsDeleted = true;
        }),
        Promotion("promote while the answer to RegisterTaskDefinition is lost", 0, (rack, _) =>
        {
            rack.Services.Single(p => p.Service == "ECS").Break("RegisterTaskDefinition", Answer.ResetAfter, 1);
            return Task.CompletedTask;
        }),
        Promotion("promote by blue-green what is verified", 0, Shift) with { Manifest = Verified },
        Promotion("promote by blue-green what is verified at a task", 0, (rack, app) =>
        {
            rack.Ecs[$"{app.Name}-web"].Shifts("BLUE_GREEN");
            return Task.CompletedTask;
        }) with { Manifest = Verified },
        Look("ps", "ps"),
        Look("logs", "logs"),
        Command("scale", "scale", "web", "3"),
        Active("exec", 0, (rack, app) =>
            rack.Type(app.Name, rack.Cluster, Cancel, "exec", ProcessOf(rack, app), "true")) with { OnlyLooks = true },
        Active("run", 0, (rack, app) => rack.Type(app.Name, rack.Cluster, Cancel, "run", "web", "once")) with { OnlyLooks = true },
        Active("run, interrupted", 130, Interrupted) with { OnlyLooks = true },
        new("hooks test", 0, false, Hook, async (rack, app) =>
        {
            var hook = Assert.Single(await rack.Records.ListHooks(cancel: Cancel), h => h.App == app.Name);
            return await rack.Type(app.Name, rack.Cluster, Cancel, "hooks", "test", hook.Id.ToString());
        }),
        new("releases prune", 0, false, OldRelease, (rack, app) => rack.Type(app.Name, rack.Cluster, Cancel, "releases", "prune")),
        new("apps delete", 0, false, SecretOfBefore, (rack, app) =>
            rack.Type(app.Name, rack.Cluster, Cancel, "apps", "delete", app.Name.ToString(), "--yes")),
    ];

    public override string ToString() => Name;

    private static string ProcessOf(MatrixRack rack, MatrixApp app)
    {
        var task = SimulatedEcsTasks.Describe(rack.Ecs[$"{app.Name}-web"], stopped: false, rack.Ecs.Virtual.GetUtcNow()).First();
        return EcsRunning.ProcessName(ServiceName.Parse("web"), (string)task["taskArn"]!);
    }

    /// <summary>An app for it, with what was there before.</summary>
    public async Task<MatrixApp> AppOn(MatrixRack rack)
    {
        if (OnlyLooks && rack.Active is { } active) return active;
        var app = await rack.MakeApp(Manifest);
        await Prepare(rack, app);
        if (OnlyLooks) rack.Active = app;
        return app;
    }

    private static Scenario Look(string name, params string[] words) => Command(name, words) with { OnlyLooks = true };

    private static Scenario Command(string name, params string[] words) =>
        Active(name, 0, (rack, app) => rack.Type(app.Name, rack.Cluster, Cancel, words));

    /// <summary>On an app whose release is active.</summary>
    private static Scenario Active(
        string name, int code, Func<MatrixRack, MatrixApp, Task<MatrixRun>> act) => new(name, code, false, async (rack, app) =>
    {
        var ready = await rack.Type(app.Name, rack.Cluster, Cancel, "promote");
        Assert.True(ready.Code == 0, ready.Text);
    }, act);

    private static Scenario Promotion(string name, int code, Func<MatrixRack, MatrixApp, Task> prepare) =>
        new(name, code, true, prepare, (rack, app) => rack.Type(app.Name, rack.Cluster, Cancel, "promote", "--timeout", "2m"));

    /// <summary>Web's traffic is shifted, and can be tried before at a test listener.</summary>
    private static Task Shift(MatrixRack rack, MatrixApp app)
    {
        var web = rack.Ecs[$"{app.Name}-web"];
        web.Shifts("BLUE_GREEN");
        web.More["loadBalancers"]![0]!["advancedConfiguration"]!["testListenerRule"] = SimulatedLoadBalancers.TestRule;
        return Task.CompletedTask;
    }

    /// <summary>The first release is no longer kept, and ECR has its image.</summary>
    private static async Task OldRelease(MatrixRack rack, MatrixApp app)
    {
        await rack.Release(app.Name, "second", digit: 'b');
        await rack.Tag(app.Name, app.Release);
        var kept = await rack.Type(app.Name, rack.Cluster, Cancel, "apps", "retention", "--keep", "1", "--days", "0");
        Assert.True(kept.Code == 0, kept.Text);
    }

    private static async Task Hook(MatrixRack rack, MatrixApp app)
    {
        var added = await rack.Type(app.Name, rack.Cluster, Cancel, "hooks", "add", "eventbridge:releases");
        Assert.True(added.Code == 0, added.Text);
    }

    private static Task Nothing(MatrixRack rack, MatrixApp app) => Task.CompletedTask;

    /// <summary>The app's secret has a version that nobody needs, and the release's without its label.</summary>
    private static async Task SecretOfBefore(MatrixRack rack, MatrixApp app)
    {
        using var clients = rack.Connection.Clients();
        var published = new PublishedSecrets(clients.SecretsManager, rack.Cluster, rack.Connection.Time);
        await published.Publish(app.Name, app.Release.Environment!.Value, EnvironmentSet.Of([KeyValuePair.Create("SECRET", "first")]),
            [], Cancel);
        var secret = rack.Secrets[$"convox/{rack.Cluster}/{app.Name}"];
        secret.Labels.Remove($"convox-{app.Release.Environment}");
        var old = SnapshotId.New();
        secret.Versions[old.ToString()] = "{}";
        secret.Labels[$"convox-{old}"] = old.ToString();
    }

    private static async Task<MatrixRun> Interrupted(MatrixRack rack, MatrixApp app)
    {
        rack.Ecs.StandaloneTasks.Behaviors.Clear();
        rack.Ecs.StandaloneTasks.Behaviors.Enqueue(new(TimeSpan.FromHours(1)));
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var ecs = rack.Services.Single(p => p.Service == "ECS");
        var looks = 0;
        ecs.OnRequest = operation =>
        {
            if (operation == "DescribeTasks" && Interlocked.Increment(ref looks) == 3) interrupt.Cancel();
        };
        try
        {
            return await rack.Type(app.Name, rack.Cluster, interrupt.Token, "run", "web", "sleep");
        }
        finally
        {
            ecs.OnRequest = _ => { };
            rack.Ecs.StandaloneTasks.Behaviors.Clear();
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
