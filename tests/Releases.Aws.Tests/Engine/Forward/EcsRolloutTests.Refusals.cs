using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>What ECS refuses, for good or for now.</summary>
public sealed partial class EcsRolloutTests
{
    [Theory]
    [InlineData("RegisterTaskDefinition", Fault.Throttled)]
    [InlineData("RegisterTaskDefinition", Fault.FamilyBusy)]
    [InlineData("UpdateService", Fault.Throttled)]
    public async Task Being_throttled_for_a_while_only_takes_longer(string operation, Fault fault)
    {
        _app.Ecs.FailNext(operation, fault, fault, fault);
        await Succeeds();
        Assert.Equal((1, 1), (_app.Deployments("web"), _app.Deployments("api")));
    }

    [Theory]
    [InlineData("UpdateService", "AccessDeniedException")]
    [InlineData("UpdateService", "ClientException")]
    [InlineData("UpdateService", "ClusterNotFoundException")]
    [InlineData("UpdateService", "InvalidParameterException")]
    [InlineData("UpdateService", "NamespaceNotFoundException")]
    [InlineData("UpdateService", "PlatformTaskDefinitionIncompatibilityException")]
    [InlineData("UpdateService", "PlatformUnknownException")]
    [InlineData("UpdateService", "ServerException")]
    [InlineData("UpdateService", "ServiceNotActiveException")]
    [InlineData("UpdateService", "ServiceNotFoundException")]
    [InlineData("UpdateService", "UnsupportedFeatureException")]
    [InlineData("RegisterTaskDefinition", "AccessDeniedException")]
    [InlineData("RegisterTaskDefinition", "ClientException")]
    [InlineData("RegisterTaskDefinition", "InvalidParameterException")]
    [InlineData("RegisterTaskDefinition", "ServerException")]
    public async Task What_ECS_refuses_leaves_everything_as_it_is_and_is_told_in_its_words(string operation, string code)
    {
        _app.Ecs.Refuse(operation, code);
        var ended = await Fails();
        Assert.Contains($"A {code}", ended.Reason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (_app.Deployments("web"), _app.Deployments("api")));
    }

    [Fact]
    public async Task The_last_lines_of_what_failed_are_found_behind_empty_pages()
    {
        _app.World.Logs.EmptyPages = 3;
        _app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
        var ended = await Fails();
        Assert.Equal(["boom"], ended.Services.Single(s => s.Service == A.Web).LastLines);
    }

    [Fact]
    public async Task Being_throttled_all_the_time_before_anything_is_asked_leaves_everything_as_it_is()
    {
        _app.Ecs.FailAlways("UpdateService", Fault.Throttled);
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Failed, (ReleaseId?)_app.V1.Id, 0), (ended.Status, await _app.Active(), _app.Deployments("web")));
        Assert.Contains("ECS throttled UpdateService for 2m", ended.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Being_throttled_while_looking_and_while_going_back_ends_stuck()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Calls.Clear();
        app.Ecs.OnRequest = operation =>
        {
            if (operation != "DescribeServiceDeployments" || !app.Ecs.Calls.Contains("UpdateService")) return;
            foreach (var all in (string[])["DescribeServices", "DescribeServiceDeployments", "UpdateService", "StopServiceDeployment"])
                app.Ecs.FailAlways(all, Fault.Throttled);
        };
        var ended = await app.Run(app.V2);
        Assert.Equal((PromotionStatus.Stuck, (ReleaseId?)app.V1.Id), (ended.Status, await app.Active()));
        Assert.Equal(4, EcsScenario.Output(ended).ExitCode);
    }

    /// <summary>The cluster production-hello and its app web would have the same one.</summary>
    [Fact]
    public async Task A_family_of_task_definitions_that_is_another_apps_is_left_to_it()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false);
        var other = EcsWorld.Bootstrap();
        other["family"] = "production-hello-web-convox";
        other["tags"] = new System.Text.Json.Nodes.JsonArray(Tag("convox:app", "hello-web"), Tag("convox:service", "api"));
        app.Ecs.Definitions.Add(other);
        var ended = await app.Run(app.V1);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Contains(
            "the task definitions of web would be in the family production-hello-web-convox, "
                + "in which those of api of the app hello-web are.",
            EcsScenario.Output(ended).Text, StringComparison.Ordinal);
        Assert.Single(app.Ecs.Definitions.Active("production-hello-web-convox"));

        static System.Text.Json.Nodes.JsonObject Tag(string key, string value) => new() { ["key"] = key, ["value"] = value };
    }
}
