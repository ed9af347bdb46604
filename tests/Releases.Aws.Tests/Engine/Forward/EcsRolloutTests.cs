using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Promotions on everything that a cluster may do: the records, the running tasks, and what the user sees.</summary>
public sealed partial class EcsRolloutTests : IAsyncLifetime
{
    private EcsScenario _app = null!;

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_release_that_lands_is_active_with_one_deployment_each()
    {
        await Succeeds();
        Assert.Equal((1, 1), (_app.Deployments("web"), _app.Deployments("api")));
        var made = _app.Ecs.Definitions.Definition(_app.Ecs.Runs("hello-web")!);
        var container = Tasks.ATaskRelease.Container(made);
        Assert.Contains("GREETING=hello", Tasks.ATaskRelease.Entries(container, "environment"));
        Assert.Contains($"RELEASE={_app.V2.Id}", Tasks.ATaskRelease.Entries(container, "environment"));
        Assert.Contains("PORT=8080", Tasks.ATaskRelease.Entries(container, "environment"));
        Assert.Contains(
            $"SECRET=arn:aws:secretsmanager:eu-west-1:111122223333:secret:convox/production/hello-AbCdEf:SECRET::{_app.V2.Environment}",
            Tasks.ATaskRelease.Entries(container, "secrets"));
        Assert.DoesNotContain("second secret", made.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_the_circuit_breaker_takes_back_has_failed_although_the_service_is_stable()
    {
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        var ended = await Fails();
        Assert.Equal("web exited with code 3; 3 tasks failed; the limit is 3.", ended.Reason);
        Assert.Equal(["boom"], ended.Services.Single(s => s.Service == A.Web).LastLines);
        Assert.Contains(
            $"{_app.V2.Id} wasn't promoted: web exited with code 3; 3 tasks failed; the limit is 3. {_app.V1.Id} is still live.",
            EcsScenario.Output(ended).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_ends_is_told_that_a_service_keeps_running()
    {
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)) { ExitCode = 0 });
        var ended = await Fails();
        Assert.Equal($"web exited with code 0; 3 tasks failed; the limit is 3. {ProcessEnd.KeepsRunning}.", ended.Reason);
        Assert.Contains(
            $"Run it: dotnet convox run --release {_app.V2.Id} web -- <command>", EcsScenario.Output(ended).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_tasks_cannot_start_says_what_ECS_says_of_them()
    {
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5))
        { ExitCode = null, Why = "CannotPullContainerError: pull image manifest has been retried 7 time(s)" });
        Assert.StartsWith("web couldn't run its tasks: CannotPullContainerError: pull image manifest has been retried 7 time(s);",
            (await Fails()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(240)]
    [InlineData(0)]
    public async Task What_is_not_done_within_the_limit_is_taken_back_however_slow_the_breaker_is(int everySeconds)
    {
        NextBehaviors("web",
            everySeconds == 0 ? new TaskBehavior.NeverHealthy() : new TaskBehavior.Fails(TimeSpan.FromSeconds(everySeconds)));
        var ended = await Fails();
        var failing = everySeconds > 0;
        Assert.Equal(
            $"web didn't complete within 10m: 0 of 2 processes are healthy ({(failing ? "exited with code 3; 2 tasks failed so far" : "its new tasks aren't healthy yet")}).",
            ended.Reason);
        Assert.Equal(failing ? ["boom"] : [], ended.Services.Single(s => s.Service == A.Web).LastLines);
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
        Assert.Contains("StopServiceDeployment", _app.Ecs.Calls);
    }

    [Fact]
    public async Task Tasks_that_fail_without_a_circuit_breaker_are_explained_without_its_limit()
    {
        _app.Ecs["hello-web"].Shifts("BLUE_GREEN", bake: 1);
        _app.Ecs["hello-web"].Configuration.Remove("deploymentCircuitBreaker");
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(20)));
        var reasons = new HashSet<string?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            reasons.UnionWith(promotion.Services.Select(s => s.Reason));
            return Task.CompletedTask;
        });
        var ended = await Fails();
        Assert.Matches(@"^web didn't complete within 10m: 0 of 2 processes are healthy \(exited with code 3; \d+ tasks failed so far\)\.$",
            ended.Reason);
        Assert.Equal(["boom"], ended.Services.Single(s => s.Service == A.Web).LastLines);
        Assert.DoesNotContain(reasons, r => r?.Contains("the limit is", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Old_tasks_that_do_not_end_are_named_as_the_reason()
    {
        NextBehaviors("web", new TaskBehavior.NeverDrains());
        Assert.Equal("web didn't complete within 10m: its new processes are healthy, but 2 old ones haven't stopped.",
            (await Fails()).Reason);
    }

    [Fact]
    public async Task A_service_without_a_deployment_that_completed_gets_its_task_definition_back_by_an_update()
    {
        await using var first = await EcsScenario.Start(promoteTheFirst: false);
        first.Ecs["hello-web"].HasHistory = false;
        first.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
        var ended = await first.Run(first.V1);
        Assert.Equal((PromotionStatus.Failed, null), (ended.Status, await first.Active()));
        Assert.Equal((first.Bootstrap["web"], first.Bootstrap["api"]), (first.Ecs.Runs("hello-web"), first.Ecs.Runs("hello-api")));
        var told = EcsScenario.Output(ended);
        Assert.Equal(3, told.ExitCode);
        // The bootstrap's tasks run.
        Assert.Contains("No release was active before, and none is now. The processes from before are back.", told.Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("production", true)]
    [InlineData("staging", false)]
    public async Task An_ECS_service_may_be_named_by_its_ARN_where_that_is_of_this_cluster(string cluster, bool succeeds)
    {
        var manifest = EcsScenario.TwoServices.Replace("x-aws: { container: web }\n  api",
            $"x-aws: {{ container: web, service: \"arn:aws:ecs:eu-west-1:111122223333:service/{cluster}/hello-web\" }}\n  api",
            StringComparison.Ordinal);
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: manifest);
        var ended = await app.Run(app.V1);
        Assert.True(ended.Status == (succeeds ? PromotionStatus.Succeeded : PromotionStatus.Failed), ended.Reason);
        if (!succeeds) Assert.Equal(
            "web names an ECS service of the cluster staging in x-aws.service, but this rack is the cluster production.",
            ended.Reason);
    }

    [Theory]
    [InlineData("RegisterTaskDefinition", Fault.ResponseLost, 0)]
    [InlineData("RegisterTaskDefinition", Fault.BrokenResponse, 3)]
    [InlineData("RegisterTaskDefinition", Fault.ConnectionLost, 0)]
    [InlineData("UpdateService", Fault.ResponseLost, 0)]
    [InlineData("UpdateService", Fault.ResponseLost, 3)]
    [InlineData("UpdateService", Fault.BrokenResponse, 0)]
    [InlineData("UpdateService", Fault.NoResponse, 0)]
    [InlineData("UpdateService", Fault.ConnectionLost, 1)]
    [InlineData("UpdateService", Fault.Unavailable, 0)]
    public async Task An_answer_that_is_lost_starts_nothing_twice(string operation, Fault fault, int laggingReads)
    {
        _app.Ecs.LaggingReads = laggingReads;
        _app.Ecs.FailNext(operation, fault);
        await Succeeds();
        Assert.Equal((1, 1), (_app.Deployments("web"), _app.Deployments("api")));
    }

    [Fact]
    public async Task A_release_that_ECS_took_back_while_the_answer_was_lost_is_not_started_again()
    {
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(2)));
        _app.Ecs.ResponseLossTakes = TimeSpan.FromMinutes(2);
        _app.Ecs.FailNext("UpdateService", Fault.ResponseLost);
        await Fails();
        Assert.Equal(1, _app.Deployments("web"));
    }

    [Fact]
    public async Task What_was_complete_goes_back_when_another_service_fails_and_its_breaker_is_off_for_that()
    {
        NextBehaviors("api", new TaskBehavior.Fails(TimeSpan.FromSeconds(30)));
        var ended = await Fails();
        Assert.Equal("api", ended.FailedService.ToString());
        Assert.Equal(2, _app.Deployments("web"));
        var breaker = _app.Ecs["hello-web"].Configuration["deploymentCircuitBreaker"]!;
        Assert.True(breaker["enable"]!.GetValue<bool>(), "the configuration of v1 is back");
    }

    [Fact]
    public async Task A_version_before_that_no_longer_starts_needs_a_person_and_is_never_called_back()
    {
        NextBehaviors("web", new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(10)), new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        NextBehaviors("api", new TaskBehavior.Fails(TimeSpan.FromSeconds(30)));
        var ended = await _app.Run(_app.V2);
        Assert.Equal(PromotionStatus.Stuck, ended.Status);
        Assert.Equal((ServiceStatus.Stuck, ServiceStatus.RolledBack), (StatusOf(ended, "web"), StatusOf(ended, "api")));
        Assert.Equal((_app.V1.Id, _app.V1.Id.ToString()), (await _app.Active(), _app.Runs("api")));
        Assert.Equal(4, EcsScenario.Output(ended).ExitCode);
    }

    [Fact]
    public async Task A_task_definition_before_that_is_inactive_is_gone_back_to_by_a_copy()
    {
        var ran = _app.Ecs.Runs("hello-web")!;
        _app.Ecs.Definitions.Deregister(new() { ["taskDefinition"] = ran });
        NextBehaviors("web", new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(10)));
        NextBehaviors("api", new TaskBehavior.Fails(TimeSpan.FromSeconds(30)));
        await Fails();
        Assert.NotEqual(ran, _app.Ecs.Runs("hello-web"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_ECS_does_not_know_service_deployments_the_older_view_is_enough(bool tellsRolloutState)
    {
        (_app.Ecs.SupportsServiceDeployments, _app.Ecs.ReportsRolloutState) = (false, tellsRolloutState);
        await Succeeds();
        var v3 = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", "third secret"));
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        var ended = await _app.Run(v3);
        Assert.Equal((PromotionStatus.Failed, (ReleaseId?)_app.V2.Id), (ended.Status, await _app.Active()));
        Assert.Equal((_app.V2.Id.ToString(), _app.V2.Id.ToString()), (_app.Runs("web"), _app.Runs("api")));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public async Task Reads_that_lag_mislead_nobody(int reads, bool keepsItsId)
    {
        (_app.Ecs.LaggingReads, _app.Ecs.RollbackKeepsDeploymentId) = (reads, keepsItsId);
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        await Fails();
        await Succeeds();
    }

    [Fact]
    public async Task A_count_is_raised_with_the_rollout_and_given_back_on_the_way_back()
    {
        var v3 = await _app.AddRelease(EcsScenario.TwoServices.Replace("build: Web", "build: Web\n    scale: 4", StringComparison.Ordinal),
            ("SECRET", "third secret"));
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        Assert.Equal(PromotionStatus.Failed, (await _app.Run(v3)).Status);
        Assert.Equal(2, _app.Ecs["hello-web"].Desired);
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(v3)).Status);
        Assert.Equal(4, _app.Ecs["hello-web"].Desired);

        var v4 = await _app.AddRelease(EcsScenario.TwoServices.Replace("build: Web", "build: Web\n    scale: 1", StringComparison.Ordinal),
            ("SECRET", "third secret"));
        NextBehaviors("api", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        Assert.Equal(PromotionStatus.Failed, (await _app.Run(v4)).Status);
        Assert.Equal(4, _app.Ecs["hello-web"].Desired);
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(v4)).Status);
        Assert.Equal(1, _app.Ecs["hello-web"].Desired);

        _app.World.Scaling.Targets.Add("service/production/hello-web");
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(v3)).Status);
        Assert.Equal(1, _app.Ecs["hello-web"].Desired);
    }

    [Fact]
    public async Task A_failed_release_leaves_no_active_task_definition_and_a_service_that_is_gone_from_the_release_stops()
    {
        NextBehaviors("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        await Fails();
        Assert.DoesNotContain(_app.Ecs.Definitions.Active("production-hello-web-convox"),
            a => TaskTags.Find(_app.Ecs.Definitions.TagsOf(a), "convox:release") == _app.V2.Id.ToString());

        var only = EcsScenario.TwoServices[..EcsScenario.TwoServices.IndexOf("  api:", StringComparison.Ordinal)];
        var v3 = await _app.AddRelease(only, ("SECRET", "third secret"));
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(v3)).Status);
        Assert.Equal((2, 0), (_app.Ecs["hello-web"].Desired, _app.Ecs["hello-api"].Desired));
        await Succeeds();
        Assert.Equal(2, _app.Ecs["hello-api"].Desired);
    }

    private static ServiceStatus StatusOf(Promotion promotion, string service) =>
        promotion.Services.Single(s => s.Service.ToString() == service).Status;

    private void NextBehaviors(string service, params TaskBehavior[] behaviors) => _app.Ecs.Behaviors["hello-" + service] = new(behaviors);

    private async Task Succeeds()
    {
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(_app.V2.Id, await _app.Active());
        Assert.Equal((_app.V2.Id.ToString(), _app.V2.Id.ToString()), (_app.Runs("web"), _app.Runs("api")));
    }

    /// <summary>It failed, the user sees why, and everything is rolled back.</summary>
    private async Task<Promotion> Fails()
    {
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Failed, $"{ended.Status}: {ended.Reason}");
        Assert.Equal(_app.V1.Id, await _app.Active());
        Assert.Equal((_app.V1.Id.ToString(), _app.V1.Id.ToString()), (_app.Runs("web"), _app.Runs("api")));
        Assert.Equal(3, EcsScenario.Output(ended).ExitCode);
        return ended;
    }
}
