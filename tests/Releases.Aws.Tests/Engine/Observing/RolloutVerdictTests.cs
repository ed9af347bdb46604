using System.Text.Json.Nodes;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed class RolloutVerdictTests
{
    private const string Ours = "arn:task/hello-web-convox:8";
    private const string Before = "arn:task/hello-web-convox:7";
    private const string Foreign = "arn:task/terraform:3";

    [Fact]
    public void Only_our_deployment_successful_with_our_task_definition_in_place_and_a_task_running_is_success()
    {
        Assert.Equal(RolloutState.Succeeded, Of("SUCCESSFUL", primary: Ours).State);
        Assert.Equal(RolloutState.Unfinished, Of("SUCCESSFUL", primary: Ours, running: 0).State);
        Assert.Equal(RolloutState.Unfinished, Of("SUCCESSFUL", primary: Ours, running: 1).State);
        Assert.Equal(RolloutState.Unfinished, Of("SUCCESSFUL", primary: Before).State);
        Assert.Equal(RolloutState.Unfinished, Of("SUCCESSFUL", primary: Ours, aimedAt: Before).State);
        Assert.Equal(("0 processes, not verified", RolloutState.Empty), Flip(Of("SUCCESSFUL", primary: Ours, desired: 0, running: 0)));
    }

    [Theory]
    [InlineData(null, RolloutState.Unfinished)]
    [InlineData("BLOCKING", RolloutState.Unfinished)]
    [InlineData("DEFERRED", RolloutState.Succeeded)]
    public void Old_tasks_may_run_on_only_where_the_service_states_it(string? cleanup, RolloutState state) =>
        Assert.Equal(state, Of("SUCCESSFUL", primary: Ours, also: Before, cleanup: cleanup).State);

    [Fact]
    public void Tasks_that_run_and_are_not_healthy_do_not_count() =>
        Assert.Equal(RolloutState.Unfinished, Of("SUCCESSFUL", primary: Ours, cleanup: "BLOCKING", live: new(1, null)).State);

    [Fact]
    public void A_version_before_that_somebody_put_back_after_the_success_is_a_failure_once_it_is_no_lag()
    {
        Assert.Equal(RolloutState.Unfinished, Of("SUCCESSFUL", primary: Before).State);
        Assert.Equal(RolloutState.RolledBack, Of("SUCCESSFUL", primary: Before, wasOurs: true).State);
    }

    [Fact]
    public void A_service_that_is_stable_again_on_the_version_before_is_a_failure()
    {
        var verdict = Of("ROLLBACK_SUCCESSFUL", primary: Before, rolloutState: "COMPLETED", with: d =>
        {
            d["rollback"] = new JsonObject
            { ["reason"] = "Service deployment rolled back because the circuit breaker threshold was exceeded." };
            d["deploymentCircuitBreaker"] = new JsonObject { ["failureCount"] = 3, ["threshold"] = 3 };
        });
        Assert.Equal(RolloutState.RolledBack, verdict.State);
        Assert.Equal("Service deployment rolled back because the circuit breaker threshold was exceeded; 3 tasks failed; the limit is 3",
            verdict.Reason);
    }

    [Theory]
    [InlineData("PENDING", RolloutState.Running)]
    [InlineData("IN_PROGRESS", RolloutState.Running)]
    [InlineData("A_STATUS_OF_LATER", RolloutState.Running)]
    [InlineData("STOP_REQUESTED", RolloutState.Running)]
    [InlineData("STOPPED", RolloutState.Stopped)]
    [InlineData("ROLLBACK_REQUESTED", RolloutState.RollingBack)]
    [InlineData("ROLLBACK_IN_PROGRESS", RolloutState.RollingBack)]
    [InlineData("ROLLBACK_FAILED", RolloutState.RollbackFailed)]
    public void The_status_of_our_deployment_decides_whatever_the_older_view_says(string status, RolloutState state) =>
        Assert.Equal(state, Of(status, primary: Ours, rolloutState: "COMPLETED").State);

    [Theory]
    [InlineData("SUCCESSFUL")]
    [InlineData("IN_PROGRESS")]
    [InlineData(null)]
    public void What_somebody_else_put_there_is_left_alone(string? status)
    {
        var verdict = Of(status, primary: Foreign, rolloutState: "COMPLETED");
        Assert.Equal(RolloutState.Superseded, verdict.State);
        Assert.Contains(Foreign, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Ours, "COMPLETED", false, RolloutState.Succeeded)]
    [InlineData(Ours, "IN_PROGRESS", false, RolloutState.Running)]
    [InlineData(Ours, "FAILED", true, RolloutState.RollingBack)]
    [InlineData(Ours, null, false, RolloutState.Succeeded)]
    [InlineData(Before, "COMPLETED", true, RolloutState.RolledBack)]
    [InlineData(Before, "COMPLETED", false, RolloutState.Running)]
    public void Where_ECS_does_not_know_service_deployments_the_older_view_decides(
        string primary, string? rolloutState, bool wasOurs, RolloutState state) =>
        Assert.Equal(state, Of(null, primary, rolloutState, wasOurs: wasOurs).State);

    [Fact]
    public void Without_a_rollout_state_what_is_not_alone_or_not_whole_still_runs()
    {
        Assert.Equal(RolloutState.Running, Of(null, Ours, null, running: 1).State);
        Assert.Equal(RolloutState.Running, Of(null, Ours, null, also: Before).State);
    }

    private static RolloutVerdict Of(
        string? status, string primary, string? rolloutState = "IN_PROGRESS", string aimedAt = Ours, int desired = 2, int running = 2,
        bool wasOurs = false, string? also = null, string? cleanup = null, LiveTasks? live = null, Action<JsonObject>? with = null)
    {
        var deployments = new JsonArray(new JsonObject
        { ["status"] = "PRIMARY", ["taskDefinition"] = primary, ["runningCount"] = running });
        if (rolloutState is not null) deployments[0]!["rolloutState"] = rolloutState;
        if (also is not null) deployments.Add(new JsonObject { ["status"] = "ACTIVE", ["taskDefinition"] = also, ["runningCount"] = 1 });
        var service = new JsonObject { ["desiredCount"] = desired, ["runningCount"] = running, ["deployments"] = deployments };
        if (cleanup is not null) service["deploymentConfiguration"] = new JsonObject
        {
            ["earlySuccessCriteria"] = new JsonObject
            { ["enable"] = true, ["healthyPercent"] = 50, ["sourceServiceRevisionCleanup"] = cleanup }
        };
        var deployment = status is null ? null : new JsonObject { ["status"] = status };
        if (deployment is not null) with?.Invoke(deployment);
        return RolloutVerdict.From(new(new(service), Ours, [Before])
        {
            Deployment = deployment is null ? null : new(deployment),
            HasServiceDeployments = deployment is not null,
            DeploymentTarget = aimedAt,
            WasOurs = wasOurs,
            Live = live,
        });
    }

    private static (string?, RolloutState) Flip(RolloutVerdict verdict) => (verdict.Reason, verdict.State);
}
