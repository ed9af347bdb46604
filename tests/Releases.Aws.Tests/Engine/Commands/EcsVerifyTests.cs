using System.Text.Json.Nodes;
using Releases.Aws.Tests.Tasks;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>The verify command as a task of its own: once, when the new tasks are ready, and before anybody sees them.</summary>
public sealed partial class EcsVerifyTests : IAsyncLifetime
{
    private const string Family = "production-hello-web-convox-run";

    private static readonly string Verifying =
        EcsScenario.TwoServices.Replace("port: 8080", "port: 8080\n    verify: ./smoke.sh", StringComparison.Ordinal);

    private EcsScenario _app = null!;
    private Release _next = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    public async ValueTask InitializeAsync()
    {
        _app = await EcsScenario.Start();
        Web.Shifts("BLUE_GREEN", bake: 1);
        _next = await _app.AddRelease(Verifying, ("SECRET", "third secret"), ("TARGET_URL", "of the release"));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task It_runs_once_with_the_new_code_and_environment_and_the_address_of_a_new_task_before_any_traffic_moves()
    {
        Fares(new(TimeSpan.FromMinutes(1)) { Lines = ["third secret", "all well"] });
        var moved = new List<string>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (promotion.VerifyCommands is [{ IsOpen: true }])
                moved.AddRange(promotion.Services.Where(s => s.Share > 0 || _app.Deployments("api") > 0).Select(s => $"{s.Service}"));
            return Task.CompletedTask;
        });

        var (ended, task) = await Succeeds();

        Assert.Empty(moved);
        var definition = _app.Ecs.Definitions.Definition(task.Definition);
        var container = ATaskRelease.Container(definition);
        Assert.Equal(Family, definition["family"]!.ToString());
        Assert.Equal("[\"sh\",\"-c\"]", container["entryPoint"]!.ToJsonString());
        Assert.Equal("[\"./smoke.sh\"]", container["command"]!.ToJsonString());
        Assert.Contains($"RELEASE={_next.Id}", ATaskRelease.Entries(container, "environment"));
        var secrets = ATaskRelease.Entries(container, "secrets").ToList();
        Assert.Contains(secrets, e => e.EndsWith($":SECRET::{_next.Environment}", StringComparison.Ordinal));
        Assert.DoesNotContain(secrets, e => e.Contains("TARGET_URL", StringComparison.Ordinal));
        Assert.Contains(TargetOf(task), Enumerable.Range(0, 2).Select(
            n => $"TARGET_URL=http://{SimulatedEcsTasks.AddressOf("hello-web", Web.Current.Target, n)}:8080"));
        Assert.Equal("subnet-1", task.Input["networkConfiguration"]!["awsvpcConfiguration"]!["subnets"]![0]!.ToString());
        var command = ended.VerifyCommands.Single();
        Assert.Equal((0, "****|all well"), (command.ExitCode!.Value, string.Join('|', command.LastLines)));
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Theory]
    [InlineData("HTTP", new string[0], "/*", "http://lb-1.eu-west-1.elb.amazonaws.com:9001")]
    [InlineData("HTTPS", new[] { "*.example.com", "shop.example.com" }, "*", "https://shop.example.com:9001")]
    [InlineData("HTTP", new string[0], "/api,/api/*", "http://lb-1.eu-west-1.elb.amazonaws.com:9001/api")]
    [InlineData("HTTP", new[] { "shop.example.com" }, "/shop/*/orders", "http://shop.example.com:9001/shop")]
    [InlineData("HTTP", new string[0], "/v?/api/*", "http://lb-1.eu-west-1.elb.amazonaws.com:9001")]
    public async Task A_service_that_takes_test_traffic_is_tried_there(string protocol, string[] hosts, string paths, string address)
    {
        TakesTestTraffic();
        (_app.World.Balancing.Protocol, _app.World.Balancing.Hosts, _app.World.Balancing.Paths) = (protocol, hosts, paths.Split(','));
        var (_, task) = await Succeeds();
        Assert.Equal($"TARGET_URL={address}", TargetOf(task));
    }

    [Fact]
    public async Task A_caller_that_may_not_ask_for_the_test_listener_is_told_before_anything_is_touched()
    {
        TakesTestTraffic();
        _app.World.Balancing.MayDescribe = false;
        _app.Ecs.Calls.Clear();
        var ended = await _app.Run(_next);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Contains("DescribeListeners", ended.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_app.Ecs.Calls, c => c is "UpdateService" or "RunTask" or "RegisterTaskDefinition");
    }

    [Fact]
    public async Task One_that_fails_rolls_everything_back_with_its_last_lines_and_nobody_has_seen_the_release()
    {
        Fares(new(TimeSpan.FromSeconds(3), 3) { Lines = ["the basket is empty"] });
        var ended = await Fails("the verify command of web exited with code 3.");
        Assert.Equal(["the basket is empty"], ended.VerifyCommands.Single().LastLines);
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Fact]
    public async Task One_for_which_there_is_no_room_rolls_everything_back() =>
        await Fails(
            "the verify command of web couldn't be run: ECS started no task for it: RESOURCE:MEMORY. Check the capacity of the cluster.",
            new(TimeSpan.Zero) { PlacementFailure = "RESOURCE:MEMORY" });

    [Theory]
    [InlineData("RunTask", Fault.ResponseLost, 3)]
    [InlineData("RunTask", Fault.Unavailable, 0)]
    [InlineData("RegisterTaskDefinition", Fault.ResponseLost, 0)]
    [InlineData("DescribeTasks", Fault.Throttled, 3)]
    public async Task Whatever_goes_wrong_with_a_call_it_runs_once(string operation, Fault fault, int laggingReads)
    {
        _app.Ecs.LaggingReads = laggingReads;
        _app.Ecs.FailNext(operation, fault, fault);
        await Succeeds();
    }

    [Fact]
    public async Task A_release_command_of_the_same_service_is_not_taken_for_it()
    {
        var both = Verifying.Replace("verify:", "release: ./migrate\n    verify:", StringComparison.Ordinal);
        var next = await _app.AddRelease(both, ("SECRET", "fourth secret"));
        // What is registered is looked for by its mark then.
        _app.Ecs.FailAlways("RegisterTaskDefinition", Fault.ResponseLost);
        var ended = await _app.Run(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("both"));
        Assert.Equal(
            ["[\"./migrate\"]", "[\"./smoke.sh\"]"],
            _app.Ecs.StandaloneTasks.All.Select(t => ContainerOf(t)["command"]!.ToJsonString()));
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Fact]
    public async Task A_cancelled_one_is_stopped_and_everything_is_back()
    {
        Fares(new(TimeSpan.FromHours(1)) { Lines = ["half done"] });
        var held = await CancelledWhileItRuns(_next);
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.Equal((PromotionStatus.Cancelled, A.Person), (ended.Status, ended.CancelledBy));
        Assert.Equal("Stopped by the promotion.", _app.Ecs.StandaloneTasks.All[^1].StoppedFor);
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task A_cancelled_one_that_cannot_be_stopped_is_named()
    {
        Fares(new(TimeSpan.FromHours(3)));
        _app.Ecs.Refuse("StopTask", "AccessDeniedException");
        var held = await CancelledWhileItRuns(_next);
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Matches(
            "^the verify command of web couldn't be stopped: its task [0-9a-f]{32} was asked to stop and may still be running: ECS refused",
            ended.Reason);
        Assert.Contains(ended.Services[0].Warnings, w => w.StartsWith(
            "The verify command of web may still be running: ECS denied StopTask on the task ", StringComparison.Ordinal));
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task One_that_takes_longer_than_the_promotions_limit_is_stopped_and_everything_is_back()
    {
        Fares(new(TimeSpan.FromHours(3)));
        var ended = await Fails("the verify command of web didn't finish within the promotion's limit and was stopped.");
        Assert.Equal("Stopped by the promotion.", _app.Ecs.StandaloneTasks.All[^1].StoppedFor);
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(14));
    }

    [Fact]
    public async Task A_service_that_rolls_cannot_be_verified_and_nothing_is_touched()
    {
        Web.Configuration["strategy"] = "ROLLING";
        await IsRefused(
            "web can't be verified: ECS deploys hello-web by ROLLING, so there is no new task before the traffic moves.");
    }

    [Fact]
    public async Task A_service_whose_tasks_have_no_address_cannot_be_verified_without_a_test_listener()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false);
        var bootstrap = EcsWorld.Bootstrap();
        (bootstrap["networkMode"], bootstrap["requiresCompatibilities"]) = ("bridge", new JsonArray("EC2"));
        JsonArray tags = [new JsonObject { ["key"] = "convox:app", ["value"] = "hello" }];
        var web = app.Ecs.Add("hello-web", app.Ecs.Definitions.Add(bootstrap), 2, tags);
        foreach (var none in (string[])["networkConfiguration", "platformVersion"]) web.More[none] = null;
        web.More["launchType"] = "EC2";
        Assert.Equal(PromotionStatus.Succeeded, (await app.Run(app.V1)).Status);
        web.Shifts("BLUE_GREEN");
        var ended = await app.Run(await app.AddRelease(Verifying, ("SECRET", "third secret")));
        Assert.Equal(
            "web can't be verified: the tasks of hello-web have no address of their own, and no test listener leads to them.",
            ended.Reason);
    }

    [Fact]
    public async Task A_service_without_a_port_is_verified_before_it_is_updated_and_without_an_address()
    {
        await using var app = await EcsScenario.Start();
        var worker = EcsScenario.TwoServices.Replace("build: Api", "build: Api\n    verify: [./smoke, now]", StringComparison.Ordinal);
        app.Ecs.Calls.Clear();
        app.Ecs.StandaloneTasks.Behaviors.Enqueue(new(TimeSpan.FromSeconds(3), 1));
        var failed = await app.Run(await app.AddRelease(worker, ("SECRET", "third secret")));
        Assert.Equal("the verify command of api exited with code 1.", failed.Reason);
        Assert.DoesNotContain("UpdateService", app.Ecs.Calls);
        Assert.All(failed.Services, s => Assert.Equal(ServiceStatus.RolledBack, s.Status));

        var ended = await app.Run(await app.AddRelease(worker, ("SECRET", "fourth secret")));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("without a port"));
        Assert.True(app.Ecs.Calls.LastIndexOf("RunTask") < app.Ecs.Calls.IndexOf("UpdateService"));
        var definition = app.Ecs.Definitions.Definition(app.Ecs.StandaloneTasks.All[^1].Definition);
        Assert.DoesNotContain("TARGET_URL", definition.ToJsonString(), StringComparison.Ordinal);
    }

    private void Fares(CommandBehavior behavior) => _app.Ecs.StandaloneTasks.Behaviors.Enqueue(behavior);

    private void TakesTestTraffic() =>
        Web.More["loadBalancers"]![0]!["advancedConfiguration"]!["testListenerRule"] = SimulatedLoadBalancers.TestRule;

    private async Task<PromotionLock> CancelledWhileItRuns(Release release)
    {
        var held = await _app.Begin(release);
        var looks = 0;
        _app.Ecs.OnRequest = operation =>
        {
            if (operation == "DescribeTasks" && _app.Ecs.StandaloneTasks.All.Count > 0 && ++looks == 5)
                _app.World.Store.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel)
                    .GetAwaiter().GetResult();
        };
        return held;
    }

    private async Task<(Promotion Ended, StandaloneTask Task)> Succeeds()
    {
        var ended = await _app.Run(_next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("verified"));
        await IsActive(_next);
        return (ended, Assert.Single(_app.Ecs.StandaloneTasks.All));
    }

    private async Task<Promotion> Fails(string reason, CommandBehavior? behavior = null)
    {
        if (behavior is not null) Fares(behavior);
        var shares = new HashSet<int?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            shares.UnionWith(promotion.Services.Select(s => s.Share));
            return Task.CompletedTask;
        });
        var ended = await _app.Run(_next);
        Assert.Equal((PromotionStatus.Failed, reason), (ended.Status, ended.Reason));
        Assert.DoesNotContain(shares, s => s > 0);
        Assert.DoesNotContain("ContinueServiceDeployment", _app.Ecs.Calls);
        Assert.Equal((0, 3), (_app.Deployments("api"), EcsScenario.Output(ended).ExitCode));
        await IsActive(_app.V1);
        return ended;
    }

    private async Task IsRefused(string reason)
    {
        _app.Ecs.Calls.Clear();
        var ended = await _app.Run(_next);
        Assert.Equal((PromotionStatus.Failed, reason), (ended.Status, ended.Reason));
        Assert.DoesNotContain(_app.Ecs.Calls, c => c is "UpdateService" or "RunTask" or "RegisterTaskDefinition");
    }

    private JsonObject ContainerOf(StandaloneTask task) => ATaskRelease.Container(_app.Ecs.Definitions.Definition(task.Definition));

    private string TargetOf(StandaloneTask task) =>
        ATaskRelease.Entries(ContainerOf(task), "environment").Single(e => e.StartsWith("TARGET_URL", StringComparison.Ordinal));

    private async Task IsActive(Release release)
    {
        var id = release.Id.ToString();
        Assert.Equal(((ReleaseId?)release.Id, id, id), (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
        Assert.False(PauseHook.IsIn(Web.Configuration));
    }
}
