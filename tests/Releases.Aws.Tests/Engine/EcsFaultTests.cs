using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Every call goes wrong in every way, once, twice and always; the end is the truth, or says that a person is needed.</summary>
public sealed class EcsFaultTests(DynamoDbLocal dynamo)
{
    private const int Always = 0;

    private static readonly Fault[] OfReads = [Fault.Throttled, Fault.Lost, Fault.Unavailable];

    /// <summary>Whether a change took effect makes a difference.</summary>
    private static readonly Fault[] OfChanges = [.. OfReads, Fault.AnswerLost, Fault.BrokenAnswer, Fault.Silence];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("DescribeServices")]
    [InlineData("DescribeTaskDefinition")]
    [InlineData("ListTaskDefinitions")]
    [InlineData("RegisterTaskDefinition")]
    [InlineData("UpdateService")]
    [InlineData("StopServiceDeployment")]
    [InlineData("DescribeServiceDeployments")]
    [InlineData("ListServiceDeployments")]
    [InlineData("DescribeServiceRevisions")]
    [InlineData("ListTasks")]
    [InlineData("DescribeTasks")]
    [InlineData("DeregisterTaskDefinition")]
    [InlineData("DescribeSecret")]
    [InlineData("PutSecretValue")]
    [InlineData("GetLogEvents")]
    public async Task It_never_ends_in_a_success_that_is_none(string operation)
    {
        var round = 0;
        foreach (var fault in IsRead(operation) ? OfReads : OfChanges)
            foreach (var times in (int[])[1, 2, Always])
                await Run(operation, fault, times, ((string[])["lands", "fails", "fails late", "never"])[round++ % 4]);
    }

    [Theory]
    [InlineData("DescribeServices")]
    [InlineData("DescribeTaskDefinition")]
    [InlineData("ListTaskDefinitions")]
    [InlineData("RegisterTaskDefinition")]
    [InlineData("UpdateService")]
    [InlineData("StopServiceDeployment")]
    [InlineData("DescribeServiceDeployments")]
    [InlineData("ListServiceDeployments")]
    [InlineData("DescribeServiceRevisions")]
    [InlineData("ListTasks")]
    [InlineData("DescribeTasks")]
    [InlineData("DeregisterTaskDefinition")]
    public async Task An_answer_that_says_nothing_is_no_fact(string operation)
    {
        foreach (var times in (int[])[1, 2, Always])
            foreach (var fate in (string[])["lands", "fails", "fails late", "never"]) await Run(operation, Fault.Hollow, times, fate);
    }

    [Fact]
    public async Task A_service_that_is_gone_for_a_moment_in_a_hollow_answer_takes_no_rollout_back()
    {
        await using var app = await EcsScenario.With(dynamo);
        app.Ecs.Calls.Clear();
        app.Ecs.Asked = operation =>
        {
            if (operation == "DescribeServices" && app.Ecs.Calls.Count(c => c == "UpdateService") == 2) app.Ecs.Goes("DescribeServices", Fault.Hollow, Fault.Hollow, Fault.Hollow);
            if (app.Ecs.Calls.Count(c => c == "UpdateService") == 2) app.Ecs.Asked = _ => { };
        };
        var ended = await app.Run(app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
    }

    private static bool IsRead(string operation) => ((string[])["Describe", "List", "Get"]).Any(o => operation.StartsWith(o, StringComparison.Ordinal));

    private async Task Run(string operation, Fault fault, int times, string fate)
    {
        await using var app = await EcsScenario.With(dynamo);
        if (fate == "fails") app.Ecs.Fortunes["hello-web"] = new([new Fortune.TasksFail(TimeSpan.FromSeconds(5))]);
        if (fate == "fails late") app.Ecs.Fortunes["hello-api"] = new([new Fortune.TasksFail(TimeSpan.FromSeconds(30))]);
        if (fate == "never") app.Ecs.Fortunes["hello-api"] = new([new Fortune.NeverHealthy()]);
        foreach (var service in (SimulatedService[])[app.Ecs, app.World.Secrets, app.World.Logs])
            if (times == Always) service.GoesAlways(operation, fault);
            else service.Goes(operation, [.. Enumerable.Repeat(fault, times)]);

        var ended = await app.Run(app.V2);
        var story = $"{operation} {fault} {times} {fate}: {ended.Status} {ended.Reason} {string.Join(' ', ended.Services.Select(s => $"{s.Service} {s.Status} {s.Reason}"))}";
        var (active, runs) = (await app.Active(), (app.Runs("web"), app.Runs("api")));
        var (old, next) = (app.V1.Id.ToString(), app.V2.Id.ToString());
        switch (ended.Status)
        {
            case PromotionStatus.Succeeded:
                Assert.True(fate == "lands" && active == app.V2.Id && runs == (next, next), story);
                break;
            case PromotionStatus.Failed:
                Assert.True(active == app.V1.Id && runs == (old, old), story);
                break;
            default:
                Assert.True(ended.Status == PromotionStatus.Stuck && active == app.V1.Id && EcsScenario.Told(ended).ExitCode == 4, story);
                // What passes by itself needs no person.
                Assert.True(times == Always, story);
                break;
        }

        Assert.Null(await app.World.Store.FindLock(A.App, Cancel));
    }
}
