using Releases.Aws.Tests.Matrix;
using Releases.Aws.Tests.Templates;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Agent;

/// <summary>The role of the agent in the rack's template has what an agent calls, and no more.</summary>
public sealed class AgentPolicyTests(DynamoDbLocal dynamo)
{
    /// <summary>A transaction has no action of its own; roles and tags come with what an agent registers.</summary>
    private static readonly string[] Implied = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "PassRole", "TagResource"];

    /// <summary>Only in courses that these promotions don't take, each of which has a test of its own.</summary>
    private static readonly string[] Rare =
    [
        "RestoreSecret", "UpdateSecretVersionStage", "ListSecretVersionIds", "GenerateDataKey", "DescribeScalableTargets", "GetLogEvents",
        "StopTask", "DescribeServiceRevisions", "ListTaskDefinitions", "PutSecretValue", "StopServiceDeployment",
        "ContinueServiceDeployment", "RunTask", "ListTasks", "DescribeTasks", "DescribeListeners", "DescribeLoadBalancers", "DescribeRules",
        "DescribeTargetHealth",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IReadOnlyList<string> Allowed =>
    [
        .. Template.Statements(Template.Properties(new Template(new AwsRackKind().Setup!.Template).Resources["AgentTaskRole"]!
            .AsObject())["Policies"]![0]!["PolicyDocument"])
            .SelectMany(s => s.Actions).Select(a => a.Split(':')[1]).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public async Task It_has_what_an_agent_calls()
    {
        await using var rack = new MatrixRack(dynamo, $"policy-{Guid.NewGuid():n}"[..20]);
        await rack.InitializeAsync();
        var (lands, fails) = (await rack.MakeApp(), await rack.MakeApp());
        rack.Ecs.Behaviors[$"{fails.Name}-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
        foreach (var app in (MatrixApp[])[lands, fails]) await Offer(rack, app);
        var ages = await rack.MakeApp();
        await rack.Tag(ages.Name, ages.Release);
        await rack.Release(ages.Name, "second", digit: 'b');
        await rack.Records.ChangeApp(ages.Name, a => a with { Retention = new(Keep: 1, Days: 1) }, A.Event(), Cancel);
        // From here on only the agent calls.
        foreach (var service in rack.Services) service.Requests.Clear();
        await using (var agent = new RunningAgent(rack))
        {
            await agent.Prints($"in {lands.Name} has ended: succeeded");
            await agent.Prints($"in {fails.Name} has ended: failed");
            await agent.Prints($"{ages.Name}: pruned v1");
        }

        var called = rack.Services.SelectMany(p => p.Requests).Where(o => o != "TransactWriteItems").Distinct().ToList();
        Assert.Empty(called.Except(Allowed));
        Assert.Empty(Allowed.Except(called).Except(Implied).Except(Rare));
        rack.RequireModels();
    }

    [Fact]
    public void It_may_neither_publish_nor_delete()
    {
        Assert.DoesNotContain(Allowed,
            a => a.StartsWith("DeleteS", StringComparison.Ordinal) || a.Contains("Layer", StringComparison.Ordinal));
        Assert.DoesNotContain("CreateRepository", Allowed);
    }

    private static async Task Offer(MatrixRack rack, MatrixApp app)
    {
        var promotion = A.Promotion(app.Release) with
        {
            StartedAt = rack.Ecs.Virtual.GetUtcNow(),
            Deadline = rack.Ecs.Virtual.GetUtcNow() + TimeSpan.FromMinutes(10),
            Services = [],
            IsHandedOver = true,
        };
        await rack.Records.BeginPromotion(promotion, PromotionSupervisor.AgentToCome,
            A.Event(EventKind.PromotionStarted, app.Release.Id, promotion.Id), Cancel);
    }
}
