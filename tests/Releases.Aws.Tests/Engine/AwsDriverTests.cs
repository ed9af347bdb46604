using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>A command that drives a promotion and leaves before its end: what only a driver can do is done first.</summary>
public sealed class AwsDriverTests
{
    private static readonly string Migrating = EcsScenario.TwoServices.Replace("port: 8080", "port: 8080\n    release: ./migrate --all",
        StringComparison.Ordinal);

    private readonly SharedList<string> _waitedFor = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_command_comes_to_its_end_and_every_service_is_asked_before_it_is_left()
    {
        await using var app = await EcsScenario.Start(manifest: Migrating);
        app.Ecs.StandaloneTasks.Behaviors.Enqueue(new(TimeSpan.FromMinutes(3)));
        TakeLong(app);
        var (report, promotion) = await LeaveAt(app, "DescribeTasks");

        Assert.Equal("its release commands have finished and ECS was asked to update every service", _waitedFor[0]);
        Assert.StartsWith("continues on ECS", report, StringComparison.Ordinal);
        Assert.Null(app.Ecs.StandaloneTasks.All[^1].StoppedFor);
        Assert.Equal((PromotionStatus.RollingOut, 0), (promotion.Status, promotion.ReleaseCommands.Single().ExitCode));
        Assert.Equal((1, 1), (app.Deployments("web"), app.Deployments("api")));
    }

    [Fact]
    public async Task Every_service_is_asked_before_it_is_left()
    {
        await using var app = await EcsScenario.Start();
        TakeLong(app);
        var (report, promotion) = await LeaveAt(app, "UpdateService");

        Assert.Equal("ECS was asked to update every service", Assert.Single(_waitedFor));
        Assert.StartsWith("continues on ECS", report, StringComparison.Ordinal);
        Assert.Equal((PromotionStatus.RollingOut, 1, 1), (promotion.Status, app.Deployments("web"), app.Deployments("api")));
    }

    [Theory]
    [InlineData("hello-web", 0)]
    [InlineData("hello-web hello-api", 0)]
    [InlineData("hello-web hello-api", 3)]
    public async Task One_whose_traffic_waits_for_every_service_is_not_left_before_it_may_move(string shifting, int throttled)
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.FailNext("ContinueServiceDeployment", [.. Enumerable.Repeat(Fault.Throttled, throttled)]);
        foreach (var service in shifting.Split(' ')) app.Ecs[service].Shifts("BLUE_GREEN", bake: 60);
        var (report, promotion) = await LeaveAt(app, "UpdateService");

        Assert.Equal("every service is ready and ECS was asked to move the traffic", _waitedFor[^1]);
        Assert.StartsWith("continues on ECS", report, StringComparison.Ordinal);
        Assert.Equal(PromotionStatus.RollingOut, promotion.Status);
        Assert.Equal(throttled + shifting.Split(' ').Length, app.Ecs.Calls.Count(c => c == "ContinueServiceDeployment"));
    }

    [Fact]
    public async Task One_that_is_held_is_left_once_it_waits_for_its_approval()
    {
        await using var app = await EcsScenario.Start();
        foreach (var service in (string[])["hello-web", "hello-api"]) app.Ecs[service].Shifts("BLUE_GREEN", bake: 1);
        var (report, promotion) = await LeaveAt(app, "UpdateService", hold: TimeSpan.FromHours(1));

        Assert.Equal("it waits for an approval", _waitedFor[^1]);
        Assert.StartsWith("waits for its approval. Its time limit", report, StringComparison.Ordinal);
        Assert.True(promotion.WaitsForApproval);
        Assert.DoesNotContain("ContinueServiceDeployment", app.Ecs.Calls);
    }

    [Fact]
    public async Task One_that_goes_back_is_not_left_before_everything_is_back()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(30))]);
        var (report, promotion) = await LeaveAt(app, "UpdateService", 3);

        Assert.Equal("everything is rolled back", Assert.Single(_waitedFor));
        Assert.Equal((null, PromotionStatus.Failed), (report, promotion.Status));
        Assert.Equal((app.V1.Id.ToString(), app.V1.Id.ToString()), (app.Runs("web"), app.Runs("api")));
    }

    [Fact]
    public async Task One_that_another_process_drives_is_left_at_once()
    {
        await using var app = await EcsScenario.Start(manifest: Migrating);
        var held = await app.Begin(app.V2);
        await using var driver = Driver(app);
        Assert.Equal("continues in the background, driven by a test", await driver.Leave(A.App, held.Promotion, _waitedFor.Add, Cancel));
        Assert.Empty(_waitedFor);
    }

    /// <summary>The rollout lasts until somebody has left.</summary>
    private static void TakeLong(EcsScenario app)
    {
        foreach (var service in (string[])["hello-web", "hello-api"]) app.Ecs.Behaviors[service] = new([new TaskBehavior.NeverHealthy()]);
    }

    /// <summary>Begins a promotion and leaves it when ECS is asked for something for the nth time, as a command does that is
    /// interrupted.</summary>
    private async Task<(string? Report, Promotion Left)> LeaveAt(
        EcsScenario app, string operation, int nth = 1, TimeSpan? hold = null)
    {
        var id = PromotionId.New();
        string? report;
        await using (var driver = Driver(app))
        {
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var looked = new ManualResetEventSlim();
            app.Ecs.OnRequest = seen =>
            {
                if (seen != operation || --nth != 0) return;
                asked.SetResult();
                // The world waits until the command has seen where the promotion stands.
                looked.Wait(Cancel);
            };
            await driver.Begin(new(id, A.App, app.V2.Id, A.Person) { Timeout = TimeSpan.FromHours(10), HoldFor = hold }, Cancel);
            await asked.Task.WaitAsync(Patience.Limit, Cancel);
            report = await driver.Leave(A.App, id, until =>
            {
                _waitedFor.Add(until);
                looked.Set();
            }, Cancel);
        }

        return (report, (await app.World.Store.FindPromotion(A.App, id, Cancel))!);
    }

    private static AwsDriver Driver(EcsScenario app) => new(
        new(app.World.Store, app.Beginning, app.Driver, app.World.Driver, app.Ecs.Virtual), new InMemoryAgents(),
        new(new(app.World.Store, new InMemoryArtifactStore(), app.Ecs.Virtual), Fail, app.Ecs.Virtual), Fail, () => null);

    private static void Fail(string line) => throw new InvalidOperationException(line);
}
