using System.Text.Json.Nodes;
using Amazon.Runtime;
using Releases.Aws.Tests.Tasks;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests;

/// <summary>The simulator tells what ECS tells, and the verdict on it is right.</summary>
public sealed class SimulatedEcsTests : IAsyncLifetime
{
    private readonly SimulatedEcs _ecs = new();
    private JsonService _client = null!;
    private string _before = "";
    private string _ours = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _ecs.Start();
        _client = JsonService.Open(AwsService.Ecs, "eu-west-1", TimeProvider.System, new BasicAWSCredentials("test", "test"), _ecs.Address);
        var input = ATaskRelease.Base();
        foreach (var described in (string[])["taskDefinitionArn", "revision", "status", "registeredAt", "registeredBy",
            "requiresAttributes", "compatibilities", "laterTaskMember"]) input.Remove(described);
        _before = _ecs.Definitions.Add(input);
        _ecs.Add("hello-web", _before, desired: 4);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _ecs.DisposeAsync();
    }

    [Fact]
    public async Task A_deployment_that_lands_is_running_until_it_is_in_place()
    {
        await Update();
        Assert.Equal(RolloutState.Running, (await Verdict()).State);
        _ecs.Virtual.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(RolloutState.Running, (await Verdict()).State);
        _ecs.Virtual.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RolloutState.Succeeded, (await Verdict()).State);
    }

    [Fact]
    public async Task The_circuit_breaker_takes_it_back_and_the_service_is_stable_and_not_released()
    {
        _ecs.Behaviors["hello-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(10))]);
        await Update();
        _ecs.Virtual.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(RolloutState.Running, (await Verdict()).State);
        _ecs.Virtual.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(RolloutState.RollingBack, (await Verdict()).State);
        _ecs.Virtual.Advance(TimeSpan.FromSeconds(30));
        var verdict = await Verdict();
        Assert.Equal((RolloutState.RolledBack, "3 tasks failed; the limit is 3"), (verdict.State, verdict.Reason));

        var service = await Service();
        Assert.Equal("COMPLETED", service["deployments"]![0]!["rolloutState"]!.GetValue<string>());
        Assert.Equal(4, service["runningCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_is_never_healthy_runs_until_it_is_stopped_and_then_goes_back()
    {
        _ecs.Behaviors["hello-web"] = new([new TaskBehavior.NeverHealthy()]);
        var deployment = await Update();
        _ecs.Virtual.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RolloutState.Running, (await Verdict()).State);

        await _client.Change("StopServiceDeployment", new() { ["serviceDeploymentArn"] = deployment, ["stopType"] = "ROLLBACK" }, Cancel);
        Assert.Equal(RolloutState.RollingBack, (await Verdict()).State);
        _ecs.Virtual.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutState.RolledBack, (await Verdict()).State);
        var conflict = await Assert.ThrowsAsync<AmazonServiceException>(() =>
            _client.Change("StopServiceDeployment", new() { ["serviceDeploymentArn"] = deployment }, Cancel));
        Assert.Equal("ConflictException", conflict.ErrorCode);
    }

    [Fact]
    public async Task Somebody_elses_update_supersedes_ours()
    {
        await Update();
        var foreign = (JsonObject)(await _client.Read("DescribeTaskDefinition", new() { ["taskDefinition"] = _before },
            Cancel)).Output["taskDefinition"]!.DeepClone();
        foreach (var described in (string[])["taskDefinitionArn", "revision", "status", "registeredAt", "registeredBy"])
            foreign.Remove(described);
        foreign["family"] = "terraform";
        await _client.Change("UpdateService",
            new() { ["cluster"] = "production", ["service"] = "hello-web", ["taskDefinition"] = _ecs.Definitions.Add(foreign) }, Cancel);
        Assert.Equal(RolloutState.Superseded, (await Verdict()).State);
    }

    [Fact]
    public async Task It_refuses_what_ECS_refuses()
    {
        await Refuse("ValidationException", "RegisterTaskDefinition", new() { ["family"] = "f", ["revision"] = 1 });
        await Refuse("ClientException", "RegisterTaskDefinition", new() { ["family"] = "f!", ["containerDefinitions"] = new JsonArray() });
        await Refuse("ServiceNotFoundException", "UpdateService", new() { ["cluster"] = "production", ["service"] = "nope" });
        await Refuse("ValidationException", "UpdateService",
            new() { ["cluster"] = "production", ["service"] = "hello-web", ["launchType"] = "FARGATE" });
        await _client.Change("DeregisterTaskDefinition", new() { ["taskDefinition"] = _before }, Cancel);
        await Refuse("ClientException", "UpdateService",
            new() { ["cluster"] = "production", ["service"] = "hello-web", ["taskDefinition"] = _before });
        _ecs.Model.Take();
    }

    /// <summary>Registers what a release makes of the service's task definition and has the service run it.</summary>
    private async Task<string> Update()
    {
        var described = (await _client.Read("DescribeTaskDefinition", new()
        {
            ["taskDefinition"] = _before,
            ["include"] = new JsonArray("TAGS")
        }, Cancel)).Output;
        var made = TaskDefinition.Create(new((JsonObject)described["taskDefinition"]!, described["tags"] as JsonArray),
            ATaskRelease.Release());
        _ours = (await _client.Change("RegisterTaskDefinition", made, Cancel)).Output["taskDefinition"]!["taskDefinitionArn"]!
            .GetValue<string>();
        var answer = await _client.Change(
            "UpdateService",
            new()
            {
                ["cluster"] = "production",
                ["service"] = "hello-web",
                ["taskDefinition"] = _ours,
                ["deploymentConfiguration"] = new JsonObject
                { ["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = true, ["rollback"] = true } },
            }, Cancel);
        return answer.Output["service"]!["currentServiceDeployment"]!.GetValue<string>();
    }

    private async Task<RolloutVerdict> Verdict()
    {
        var listed = (await _client.Read("ListServiceDeployments", new()
        {
            ["cluster"] = "production",
            ["service"] = "hello-web"
        }, Cancel)).Output["serviceDeployments"]!.AsArray();
        foreach (var found in listed.OfType<JsonObject>())
        {
            var revision = found["targetServiceRevisionArn"]!.GetValue<string>();
            var aimed = (await _client.Read("DescribeServiceRevisions",
                new() { ["serviceRevisionArns"] = new JsonArray(revision) }, Cancel))
                .Output["serviceRevisions"]![0]!["taskDefinition"]!.GetValue<string>();
            if (aimed != _ours) continue;
            var whole = (await _client.Read("DescribeServiceDeployments",
                new() { ["serviceDeploymentArns"] = new JsonArray(found["serviceDeploymentArn"]!.DeepClone()) }, Cancel))
                .Output["serviceDeployments"]![0]!.AsObject();
            return RolloutVerdict.From(new(new(await Service()), _ours, [_before]) { Deployment = new(whole), DeploymentTarget = aimed });
        }

        throw new InvalidOperationException("Our deployment is not there.");
    }

    private async Task<JsonObject> Service() =>
        (JsonObject)(await _client.Read("DescribeServices", new()
        {
            ["cluster"] = "production",
            ["services"] = new JsonArray("hello-web")
        }, Cancel)).Output["services"]![0]!;

    private async Task Refuse(string code, string operation, JsonObject input) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<AmazonServiceException>(() => _client.Change(operation, input, Cancel))).ErrorCode);
}
