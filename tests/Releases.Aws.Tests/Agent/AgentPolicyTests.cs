using Releases.Aws.Tests.Engine;
using Releases.Aws.Tests.Matrix;
using Releases.Aws.Tests.Templates;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Agent;

/// <summary>The role of the agent in the rack's template has what an agent calls, and no more.</summary>
public sealed class AgentPolicyTests(DynamoDbLocal dynamo)
{
    private const string Release = "    port: 8080\n    release: ./migrate\n";
    private const string Verify = "    port: 8080\n    verify: ./smoke\n";

    /// <summary>A transaction has no action of its own; roles and tags come with what an agent registers.</summary>
    private static readonly string[] Implied = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "PassRole", "TagResource"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IReadOnlyList<string> Allowed =>
    [
        .. Template.Statements(Template.Properties(new Template(new AwsRackKind().Setup!.Template).Resources["AgentTaskRole"]!
            .AsObject())["Policies"]![0]!["PolicyDocument"])
            .SelectMany(s => s.Actions).Select(a => a.Split(':')[1]).Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Each course that a promotion may take, so that every action of the role is called by one, and a new call is found in each.
    /// </summary>
    [Fact]
    public async Task It_has_what_an_agent_calls_in_every_course_and_no_more()
    {
        await using var rack = new MatrixRack(dynamo, $"policy-{Guid.NewGuid():n}"[..20]);
        await rack.InitializeAsync();
        var courses = new Courses(rack);
        await courses.Prepare();
        // From here on only the agent calls.
        foreach (var service in rack.Services) service.Requests.Clear();
        await using (var agent = new RunningAgent(rack))
        {
            await agent.Prints($"{courses.Pruned.Name}: pruned v1");
            foreach (var (app, outcome) in courses.Offered) await agent.Prints($"in {app.Name} has ended: {outcome}");
            await courses.PromoteAgain(agent);
            await courses.CancelCommand(agent);
        }

        var called = rack.Services.SelectMany(p => p.Requests).Where(o => o != "TransactWriteItems").Distinct().ToList();
        Assert.Empty(called.Except(Allowed));
        Assert.Empty(Allowed.Except(called).Except(Implied));
        rack.RequireModels();
    }

    /// <summary>What an agent is offered.</summary>
    private sealed class Courses(MatrixRack rack)
    {
        private MatrixApp _often = null!;

        public MatrixApp Pruned { get; private set; } = null!;

        public List<(MatrixApp App, string Outcome)> Offered { get; } = [];

        public async Task Prepare()
        {
            await Offer(await rack.MakeApp(Manifest("    port: 8080\n    scale: { count: 3 }\n")), "succeeded");
            var fails = await rack.MakeApp();
            rack.Ecs.Behaviors[$"{fails.Name}-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
            await Offer(fails, "failed");
            var never = await rack.MakeApp();
            rack.Ecs.Behaviors[$"{never.Name}-web"] = new([new TaskBehavior.NeverHealthy()]);
            await Offer(never, "failed", TimeSpan.FromMinutes(1));
            await Offer(await Shifted(hasTestListener: true), "succeeded", TimeSpan.FromMinutes(20));
            await Offer(await Shifted(hasTestListener: false), "succeeded", TimeSpan.FromMinutes(20));
            rack.Ecs.FailNext("RegisterTaskDefinition", Fault.ResponseLost);
            Pruned = await rack.MakeApp();
            await rack.Tag(Pruned.Name, Pruned.Release);
            await rack.Release(Pruned.Name, "second", digit: 'b');
            await rack.Records.ChangeApp(Pruned.Name, a => a with { Retention = new(Keep: 1, Days: 1) }, A.Event(), Cancel);
            _often = await rack.MakeApp();
            await Offer(_often, "succeeded");
        }

        /// <summary>A release command that is cancelled while it runs.</summary>
        public async Task CancelCommand(RunningAgent agent)
        {
            rack.Ecs.StandaloneTasks.Behaviors.Enqueue(new(TimeSpan.FromHours(1)));
            var (app, before) = (await rack.MakeApp(Manifest(Release)), rack.Ecs.StandaloneTasks.All.Count);
            var held = await Offer(app, "cancelled");
            await Patience.Until(() => rack.Ecs.StandaloneTasks.All.Count > before);
            await rack.Records.RequestCancel(app.Name, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel);
            await agent.Prints($"in {app.Name} has ended: cancelled");
        }

        /// <summary>
        /// Its fourth environment takes the label from the first, as those before are those of the active and the previous release, and the
        /// secret was to be deleted.
        /// </summary>
        public async Task PromoteAgain(RunningAgent agent)
        {
            for (var times = 2; times <= 4; times++)
            {
                if (times == 4) rack.Secrets[$"convox/{rack.Cluster}/{_often.Name}"].IsDeleted = true;
                var release = await rack.Release(_often.Name, $"{times}");
                await Offer(_often with { Release = release }, "succeeded");
                await agent.Prints($"of {release.Id} in {_often.Name} has ended: succeeded");
            }
        }

        private static string Manifest(string web) =>
            EcsScenario.TwoServices.Replace("    port: 8080\n", web, StringComparison.Ordinal);

        private async Task<MatrixApp> Shifted(bool hasTestListener)
        {
            var app = await rack.MakeApp(Manifest(Verify));
            var web = rack.Ecs[$"{app.Name}-web"];
            web.Shifts("BLUE_GREEN", bake: 1);
            rack.Ecs[$"{app.Name}-api"].Shifts("CANARY", bake: 1);
            if (hasTestListener)
                web.More["loadBalancers"]![0]!["advancedConfiguration"]!["testListenerRule"] = SimulatedLoadBalancers.TestRule;
            return app;
        }

        private async Task<PromotionLock> Offer(MatrixApp app, string outcome, TimeSpan? limit = null)
        {
            Offered.Add((app, outcome));
            var active = (await rack.Records.RequireApp(app.Release.App, Cancel)).Active;
            var promotion = A.Promotion(app.Release, previous: active) with
            {
                StartedAt = rack.Ecs.Virtual.GetUtcNow(),
                Deadline = rack.Ecs.Virtual.GetUtcNow() + (limit ?? TimeSpan.FromMinutes(10)),
                RunsRelease = true,
                TakesSteps = true,
                Services = [],
                IsHandedOver = true,
            };
            return await rack.Records.BeginPromotion(promotion, PromotionSupervisor.AgentToCome,
                A.Event(EventKind.PromotionStarted, app.Release.Id, promotion.Id), Cancel);
        }
    }

    [Fact]
    public void It_may_neither_publish_nor_delete()
    {
        Assert.DoesNotContain(Allowed,
            a => a.StartsWith("DeleteS", StringComparison.Ordinal) || a.Contains("Layer", StringComparison.Ordinal));
        Assert.DoesNotContain("CreateRepository", Allowed);
    }
}
