using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>The way back where the newer calls of ECS are refused, unknown, or tell nothing: it is known before anything is touched, or
/// there is another one.</summary>
public sealed class EcsRollbackTests
{
    private static readonly string[] Reads = ["ListServiceDeployments", "DescribeServiceDeployments", "DescribeServiceRevisions"];

    private static readonly string[] Plans = ["succeeds", "fails", "never healthy", "fails late"];

    [Theory]
    [InlineData("ListServiceDeployments")]
    [InlineData("DescribeServiceDeployments")]
    [InlineData("DescribeServiceRevisions")]
    public async Task A_read_that_is_refused_is_a_finding_before_anything_is_touched(string operation)
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Refuse(operation, "AccessDeniedException");
        app.Ecs.Calls.Clear();
        var ended = await app.Run(app.V2);
        Assert.Equal((PromotionStatus.Failed, AwsProblemCode.Access), (ended.Status, Assert.Single(ended.Findings).Code));
        Assert.Contains("so it couldn't be rolled back", ended.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("RegisterTaskDefinition", app.Ecs.Calls);
        Assert.DoesNotContain("UpdateService", app.Ecs.Calls);
    }

    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("ClientException")]
    [InlineData("UnknownOperationException")]
    [InlineData("UnsupportedFeatureException")]
    public async Task Whatever_is_refused_once_ECS_was_asked_the_end_is_the_truth_and_everything_is_back(string code)
    {
        await using var app = await EcsScenario.Start();
        foreach (var plan in Plans)
            foreach (var refused in Refused())
                await Run(app, plan, $"{string.Join(", ", refused)} {code}", () => Refuse(app, refused, code));

        static IEnumerable<string[]> Refused() =>
            [.. Reads.Select(r => new[] { r }), ["StopServiceDeployment"], [.. Reads, "StopServiceDeployment"]];
    }

    [Fact]
    public async Task Deployments_that_are_never_listed_are_judged_by_the_older_view()
    {
        await using var app = await EcsScenario.Start();
        foreach (var plan in Plans) await Run(app, plan, "no deployment is listed", () => app.Ecs.ListsNoServiceDeployments = true);
    }

    [Fact]
    public async Task A_deployment_is_found_on_whatever_page_it_is_listed_when_its_answer_was_lost()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.DeploymentsPerPage = 1;
        app.Ecs.FailNext("UpdateService", Fault.ResponseLost, Fault.ResponseLost);
        var ended = await app.Run(app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal((1, 1), (app.Deployments("web"), app.Deployments("api")));
    }

    [Fact]
    public async Task Where_stopping_is_refused_the_version_before_is_asked_for_at_once()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Refuse("StopServiceDeployment", "AccessDeniedException");
        app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.NeverHealthy()]);
        var ended = await app.Run(app.V2, TimeSpan.FromMinutes(2));
        Assert.Equal((PromotionStatus.Failed, app.V1.Id.ToString()), (ended.Status, app.Runs("web")));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4));
    }

    private static void Refuse(EcsScenario app, string[] operations, string code)
    {
        foreach (var operation in operations) app.Ecs.Refuse(operation, code);
    }

    /// <summary>What is refused is from the first update on.</summary>
    private static async Task Run(EcsScenario app, string plan, string what, Action refuse)
    {
        app.Plan(plan);
        app.Ecs.OnRequest = operation =>
        {
            if (operation == "UpdateService") refuse();
        };
        var before = (await app.Active())!.Value;
        var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"{what} {plan}"));
        var ended = await app.Run(next, TimeSpan.FromMinutes(3));
        app.Ecs.OnRequest = _ => { };
        Refuse(app, [.. Reads, "StopServiceDeployment"], null!);
        app.Ecs.ListsNoServiceDeployments = false;

        await app.AssertTruth(ended, plan, before, next.Id, $"{what}, {plan}");
        Assert.True(ended.Status == (plan == "succeeds" ? PromotionStatus.Succeeded : PromotionStatus.Failed), ended.Describe($"{what}, {plan}"));
    }
}
