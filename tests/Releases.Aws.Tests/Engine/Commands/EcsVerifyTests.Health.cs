using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Which of the new tasks a command tries where no test listener leads to them: a healthy one.</summary>
public sealed partial class EcsVerifyTests
{
    [Fact]
    public async Task It_waits_until_a_task_is_healthy_in_its_target_group_and_tries_that_one()
    {
        DateTimeOffset? asked = null;
        _app.World.Balancing.HealthOf = address =>
        {
            if (address == NewTask(0)) asked ??= _app.Ecs.Virtual.GetUtcNow();
            return address == NewTask(1) && _app.Ecs.Virtual.GetUtcNow() - asked > TimeSpan.FromMinutes(2) ? ("healthy", null)
                : ("initial", "Target registration is in progress");
        };
        var reasons = new List<string?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            reasons.AddRange(promotion.Services.Where(s => s.Service == A.Web).Select(s => s.Reason));
            return Task.CompletedTask;
        });
        var (ended, task) = await Succeeds();
        Assert.Equal($"TARGET_URL=http://{NewTask(1)}:8080", TargetOf(task));
        Assert.True(asked + TimeSpan.FromMinutes(2) < ended.VerifyCommands.Single().EndedAt);
        // Whoever follows sees why nothing happens.
        Assert.Contains(
            $"the verify command waits: {NewTask(1)} is initial in the target group blue (Target registration is in progress)", reasons);
        Assert.Null(reasons[^1]);
    }

    [Fact]
    public async Task While_a_task_is_in_no_target_group_that_is_shown_and_after_a_while_everything_is_back()
    {
        _app.World.Balancing.Targets = () => [];
        var reasons = new HashSet<string?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            reasons.UnionWith(promotion.Services.Select(s => s.Reason));
            return Task.CompletedTask;
        });
        Assert.Equal(PromotionStatus.Failed, (await _app.Run(_next)).Status);
        Assert.Contains(
            $"the verify command waits: {NewTask(1)} isn't registered in the target group blue or the target group green", reasons);
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task It_waits_until_the_health_check_of_a_tasks_container_has_passed()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false);
        var bootstrap = EcsWorld.Bootstrap();
        bootstrap["containerDefinitions"]![0]!["healthCheck"] = new JsonObject { ["command"] = new JsonArray("CMD", "./healthy") };
        JsonArray tags = [new JsonObject { ["key"] = "convox:app", ["value"] = "hello" }];
        var web = app.Ecs.Add("hello-web", app.Ecs.Definitions.Add(bootstrap), 2, tags);
        var first = await app.Run(app.V1);
        Assert.True(first.Status == PromotionStatus.Succeeded, first.Reason);
        web.Shifts("BLUE_GREEN");
        app.Ecs.HealthCheckTakes = TimeSpan.FromMinutes(3);
        var ended = await app.Run(await app.AddRelease(Verifying, ("SECRET", "third secret")));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("checked"));
        Assert.True(ended.EndedAt - ended.StartedAt > TimeSpan.FromMinutes(3), $"{ended.EndedAt - ended.StartedAt}");
        Assert.Single(app.Ecs.StandaloneTasks.All);
    }

    [Theory]
    [InlineData("unused")]
    [InlineData("unavailable")]
    public async Task A_target_group_that_checks_nothing_is_not_waited_for(string state)
    {
        _app.World.Balancing.HealthOf = _ => (state, null);
        var (ended, _) = await Succeeds();
        Assert.True(ended.EndedAt - ended.StartedAt < TimeSpan.FromMinutes(4), $"{ended.EndedAt - ended.StartedAt}");
    }

    [Fact]
    public async Task If_no_task_becomes_healthy_in_its_target_group_everything_is_back_and_the_reason_says_why()
    {
        _app.World.Balancing.HealthOf = _ => ("unhealthy", "Health checks failed with these codes: [503].");
        _app.Ecs.Calls.Clear();
        var ended = await _app.Run(_next);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Matches(
            "^the verify command of web couldn't be run: no new task of hello-web became healthy within 5m: "
                + @"10\.0\.\d+\.\d+ is unhealthy in the target group blue \(Health checks failed with these codes: \[503\]\)\.",
            ended.Reason!);
        Assert.DoesNotContain("RunTask", _app.Ecs.Calls);
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task A_caller_that_may_not_ask_for_the_health_of_targets_is_told_before_anything_is_touched()
    {
        _app.World.Balancing.MayDescribe = false;
        _app.Ecs.Calls.Clear();
        var ended = await _app.Run(_next);
        Assert.Contains("elasticloadbalancing:DescribeTargetHealth", ended.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_app.Ecs.Calls, c => c is "UpdateService" or "RunTask" or "RegisterTaskDefinition");
    }

    private string NewTask(int number) => SimulatedEcsTasks.AddressOf("hello-web", Web.Current.Target, number);
}
