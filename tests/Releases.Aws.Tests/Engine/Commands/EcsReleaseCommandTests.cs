using System.Text.Json.Nodes;
using Releases.Aws.Tests.Tasks;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>The release command as a task of its own: once, with the new code and environment, before anything is touched.</summary>
public sealed partial class EcsReleaseCommandTests : IAsyncLifetime
{
    private const string Family = "production-hello-web-convox-run";

    private static readonly string Migrating =
        EcsScenario.TwoServices.Replace("port: 8080", "port: 8080\n    release: ./migrate --all", StringComparison.Ordinal);

    private EcsScenario _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start(manifest: Migrating);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task It_runs_once_with_the_new_code_and_environment_before_anything_moves()
    {
        _app.Ecs.Calls.Clear();
        NextBehaviors(new(TimeSpan.FromMinutes(3)) { Lines = ["migrating", "done with second secret"] });
        var (ended, task) = await Succeeds();

        Assert.True(_app.Ecs.Calls.IndexOf("RunTask") < _app.Ecs.Calls.IndexOf("UpdateService"));
        var definition = _app.Ecs.Definitions.Definition(task.Definition);
        var container = ATaskRelease.Container(definition);
        Assert.Equal((Family, "[\"sh\",\"-c\"]", "[\"./migrate --all\"]"),
            (definition["family"]!.ToString(), container["entryPoint"]!.ToJsonString(), container["command"]!.ToJsonString()));
        Assert.EndsWith("@sha256:" + new string('a', 64), container["image"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains($"RELEASE={_app.V2.Id}", ATaskRelease.Entries(container, "environment"));
        Assert.Contains(ATaskRelease.Entries(container, "secrets"),
            e => e.EndsWith($":SECRET::{_app.V2.Environment}", StringComparison.Ordinal));
        Assert.DoesNotContain("PORT=8080", ATaskRelease.Entries(container, "environment"));
        Assert.DoesNotContain("portMappings", definition.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal((ended.Id.ToString(), "FARGATE", "1.4.0"),
            (task.Input["startedBy"]!.ToString(), task.Input["launchType"]!.ToString(), task.Input["platformVersion"]!.ToString()));
        Assert.Equal("subnet-1", task.Input["networkConfiguration"]!["awsvpcConfiguration"]!["subnets"]![0]!.ToString());
        var command = ended.ReleaseCommands.Single();
        Assert.Equal((0, "migrating|done with ****"), (command.ExitCode!.Value, string.Join('|', command.LastLines)));
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Fact]
    public async Task A_list_is_executed_as_it_is_by_the_container_of_the_service()
    {
        var v3 = await _app.AddRelease(Migrating.Replace("./migrate --all", "[./migrate, \"two words\"]", StringComparison.Ordinal),
            ("SECRET", "third secret"));
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(v3)).Status);
        var container = ATaskRelease.Container(_app.Ecs.Definitions.Definition(_app.Ecs.StandaloneTasks.All[^1].Definition));
        Assert.Equal("[\"./migrate\"] [\"two words\"]",
            $"{container["entryPoint"]!.ToJsonString()} {container["command"]!.ToJsonString()}");
    }

    [Fact]
    public async Task One_that_fails_stops_the_promotion_with_its_last_lines_and_nothing_is_touched()
    {
        NextBehaviors(new(TimeSpan.FromSeconds(3), 3) { Lines = ["no table"] });
        var ended = await Fails("the release command of web exited with code 3.");
        Assert.Equal(["no table"], ended.ReleaseCommands.Single().LastLines);
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Fact]
    public async Task What_ECS_says_of_the_container_is_told_with_the_lines()
    {
        NextBehaviors(new(TimeSpan.FromSeconds(3), 137)
        { Lines = ["reading all"], Reason = "OutOfMemoryError: Container killed due to memory usage" });
        var ended = await Fails("the release command of web was ended by signal 9 (SIGKILL).");
        Assert.Equal(["reading all", "(OutOfMemoryError: Container killed due to memory usage)"], ended.ReleaseCommands.Single().LastLines);
    }

    [Fact]
    public async Task One_that_printed_nothing_has_no_lines()
    {
        var (ended, _) = await Succeeds();
        Assert.Empty(ended.ReleaseCommands.Single().LastLines);
    }

    [Fact]
    public async Task Where_its_lines_go_is_told_where_they_are_not_in_CloudWatch()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: Migrating);
        var bootstrap = EcsWorld.Bootstrap();
        bootstrap["containerDefinitions"]![0]!["logConfiguration"] = new JsonObject { ["logDriver"] = "awsfirelens" };
        Serve(app, bootstrap);
        var ended = await app.Run(app.V1);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(["(its output goes to the log driver awsfirelens)"], ended.ReleaseCommands.Single().LastLines);
    }

    [Fact]
    public async Task A_task_for_which_there_is_no_room_is_told_and_nothing_is_touched()
    {
        NextBehaviors(new(TimeSpan.Zero) { PlacementFailure = "RESOURCE:MEMORY" });
        await Fails(
            "the release command of web couldn't be run: ECS started no task for it: RESOURCE:MEMORY. Check the capacity of the cluster.");
    }

    [Fact]
    public async Task One_that_ends_without_an_exit_code_has_failed()
    {
        NextBehaviors(new(TimeSpan.Zero, null) { Reason = "CannotPullContainerError: pull image manifest has been retried 7 time(s)" });
        var ended = await Fails(null);
        Assert.Matches(
            @"^the release command of web couldn't be run: its task [0-9a-f]{32} ended without an exit code: CannotPullContainerError: pull image manifest has been retried 7 time\(s\)\. ", ended.Reason);
    }

    [Theory]
    [InlineData("RunTask", Fault.ResponseLost, 0)]
    [InlineData("RunTask", Fault.ResponseLost, 3)]
    [InlineData("RunTask", Fault.BrokenResponse, 0)]
    [InlineData("RunTask", Fault.NoResponse, 0)]
    [InlineData("RunTask", Fault.ConnectionLost, 0)]
    [InlineData("RunTask", Fault.Unavailable, 3)]
    [InlineData("RunTask", Fault.Throttled, 0)]
    [InlineData("RegisterTaskDefinition", Fault.ResponseLost, 0)]
    [InlineData("DescribeTasks", Fault.Throttled, 3)]
    public async Task Whatever_goes_wrong_with_a_call_it_runs_once(string operation, Fault fault, int laggingReads)
    {
        _app.Ecs.LaggingReads = laggingReads;
        _app.Ecs.FailNext(operation, fault, fault);
        await Succeeds();
    }

    [Fact]
    public async Task One_that_has_ended_while_the_answer_was_lost_is_not_run_again()
    {
        NextBehaviors(new(TimeSpan.FromSeconds(5), 3));
        _app.Ecs.ResponseLossTakes = TimeSpan.FromMinutes(2);
        _app.Ecs.FailNext("RunTask", Fault.ResponseLost);
        await Fails("the release command of web exited with code 3.");
    }

    [Fact]
    public async Task Asking_again_and_again_for_what_was_started_starts_nothing_twice()
    {
        // So many reads lag that no look shows it.
        _app.Ecs.LaggingReads = 8;
        _app.Ecs.FailNext("RunTask", Fault.ResponseLost);
        await Succeeds();
        Assert.Equal(3, _app.Ecs.Calls.Count(c => c == "RunTask"));
    }

    [Theory]
    [InlineData("RunTask", "AccessDeniedException")]
    [InlineData("RunTask", "BlockedException")]
    [InlineData("RunTask", "PlatformUnknownException")]
    [InlineData("RegisterTaskDefinition", "ClientException")]
    public async Task What_ECS_refuses_is_told_in_its_words_and_nothing_is_touched(string operation, string code)
    {
        var before = _app.Ecs.StandaloneTasks.All.Count;
        _app.Ecs.Refuse(operation, code);
        Assert.Contains($"A {code}", (await Fails(null)).Reason, StringComparison.Ordinal);
        Assert.Equal(before, _app.Ecs.StandaloneTasks.All.Count);
    }

    [Fact]
    public async Task One_that_cannot_be_looked_after_is_no_success_and_is_ended()
    {
        await using var app = await EcsScenario.Start(manifest: Migrating);
        app.Ecs.StandaloneTasks.Behaviors.Enqueue(new(TimeSpan.FromHours(1)));
        app.Ecs.FailAlways("DescribeTasks", Fault.Throttled);
        app.Ecs.OnRequest = operation =>
        {
            if (operation == "DeregisterTaskDefinition") app.Ecs.FailAlways("DescribeTasks", null);
        };
        var ended = await app.Run(app.V2);
        Assert.Matches(@"^the release command of web couldn't be run: how its task [0-9a-f]{32} ended is unknown: ", ended.Reason);
        Assert.Equal((PromotionStatus.Failed, 0), (ended.Status, app.Deployments("web")));
        Assert.NotNull(app.Ecs.StandaloneTasks.All[^1].StoppedFor);
    }

    [Theory]
    [InlineData("AccessDeniedException", "ECS refused StopTask: A AccessDeniedException")]
    [InlineData("ServerException", "ECS didn't answer StopTask on the task .*: ")]
    public async Task A_cancelled_one_that_cannot_be_ended_needs_a_person_and_is_never_called_back(string code, string says)
    {
        await using var app = await EcsScenario.Start(manifest: Migrating);
        app.Ecs.StandaloneTasks.Behaviors.Enqueue(new(TimeSpan.FromHours(3)));
        app.Ecs.Refuse("StopTask", code);
        var held = await app.Begin(app.V2);
        app.Ecs.OnRequest = operation =>
        {
            if (operation == "DescribeTasks") app.World.Store
                .RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel).GetAwaiter().GetResult();
        };
        var ended = await app.Driver.Drive(held, Cancel);
        Assert.Equal((PromotionStatus.Stuck, 0), (ended.Status, app.Deployments("web")));
        Assert.Matches("may still be running: " + says, ended.Reason);
        var told = EcsScenario.Output(ended);
        Assert.Equal(4, told.ExitCode);
        Assert.DoesNotContain("rolled back", told.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 143)]
    [InlineData(true, 137)]
    public async Task A_cancelled_one_is_ended_and_nothing_is_touched(bool ignoresStop, int exitCode)
    {
        NextBehaviors(new(TimeSpan.FromHours(1)) { IgnoresStop = ignoresStop, Lines = ["half done"] });
        _app.Ecs.FailNext("StopTask", Fault.ResponseLost, Fault.ConnectionLost);
        var held = await _app.Begin(_app.V2);
        var asked = false;
        _app.Ecs.OnRequest = operation =>
        {
            var printed = operation == "DescribeTasks" ? _app.Ecs.StandaloneTasks.All[^1].Printed(_app.Ecs.Virtual.GetUtcNow()) : null;
            if (asked || printed is null || !printed.Any()) return;
            asked = true;
            _app.World.Store.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel)
                .GetAwaiter().GetResult();
        };
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.Equal((PromotionStatus.Cancelled, A.Person, 0), (ended.Status, ended.CancelledBy, _app.Deployments("web")));
        Assert.Equal("Stopped by the promotion.", _app.Ecs.StandaloneTasks.All[^1].StoppedFor);
        Assert.Equal((exitCode, "half done"), (ended.ReleaseCommands.Single().ExitCode, ended.ReleaseCommands.Single().LastLines.Single()));
    }

    [Fact]
    public async Task One_that_takes_longer_than_its_limit_is_ended()
    {
        NextBehaviors(new(TimeSpan.FromHours(1)) { Lines = ["half done"] });
        var ended = await Fails("the release command of web didn't finish within 10m and was stopped.");
        Assert.Equal((143, "half done"), (ended.ReleaseCommands.Single().ExitCode, ended.ReleaseCommands.Single().LastLines.Single()));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task On_a_network_of_the_host_it_runs_beside_the_service_without_its_port()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: Migrating);
        var bootstrap = EcsWorld.Bootstrap();
        (bootstrap["networkMode"], bootstrap["requiresCompatibilities"]) = ("bridge", new JsonArray("EC2"));
        var service = Serve(app, bootstrap);
        foreach (var none in (string[])["networkConfiguration", "platformVersion"]) service.More[none] = null;
        service.More["launchType"] = "EC2";
        service.More["placementConstraints"] = new JsonArray(new JsonObject
        { ["type"] = "memberOf", ["expression"] = "attribute:disk == fast" });
        var ended = await app.Run(app.V1);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal("EC2 memberOf",
            $"{app.Ecs.StandaloneTasks.All[^1].Input["launchType"]} {app.Ecs.StandaloneTasks.All[^1].Input["placementConstraints"]![0]!["type"]}");
    }

    [Fact]
    public async Task It_takes_the_capacity_providers_of_the_service()
    {
        var service = _app.Ecs["hello-web"];
        (service.More["launchType"], service.More["capacityProviderStrategy"]) = (null,
            new JsonArray(new JsonObject { ["capacityProvider"] = "FARGATE_SPOT", ["weight"] = 1 }));
        var (_, task) = await Succeeds();
        Assert.Equal("FARGATE_SPOT", task.Input["capacityProviderStrategy"]![0]!["capacityProvider"]!.ToString());
    }

    [Fact]
    public async Task A_service_without_a_network_to_run_it_in_is_refused_before_anything_is_touched()
    {
        _app.Ecs["hello-web"].More["networkConfiguration"] = null;
        var ended = await _app.Run(_app.V2);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.StartsWith("a command of web can't run: the ECS service hello-web has no network c", ended.Reason, StringComparison.Ordinal);
        Assert.Empty(ended.ReleaseCommands);
    }

    private void NextBehaviors(CommandBehavior behavior) => _app.Ecs.StandaloneTasks.Behaviors.Enqueue(behavior);

    private static SimulatedEcsService Serve(EcsScenario app, JsonObject bootstrap) =>
        app.Ecs.Add("hello-web", app.Ecs.Definitions.Add(bootstrap), 2, [new JsonObject { ["key"] = "convox:app", ["value"] = "hello" }]);

    /// <summary>The release is active, and its command ran exactly once.</summary>
    private async Task<(Promotion Ended, StandaloneTask Task)> Succeeds()
    {
        var before = _app.Ecs.StandaloneTasks.All.Count;
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal((_app.V2.Id.ToString(), before + 1), (_app.Runs("web"), _app.Ecs.StandaloneTasks.All.Count));
        return (ended, _app.Ecs.StandaloneTasks.All[^1]);
    }

    /// <summary>It failed, the user sees why, and no service was touched.</summary>
    private async Task<Promotion> Fails(string? reason)
    {
        var before = _app.Ecs.StandaloneTasks.All.Count;
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Failed, reason ?? ended.Reason), (ended.Status, ended.Reason));
        Assert.Equal((_app.V1.Id, 0, 0), (await _app.Active(), _app.Deployments("web"), _app.Deployments("api")));
        Assert.InRange(_app.Ecs.StandaloneTasks.All.Count - before, 0, 1);
        Assert.Equal(3, EcsScenario.Output(ended).ExitCode);
        return ended;
    }
}
