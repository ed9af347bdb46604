using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Every call goes wrong in every way, once, twice and always; the outcome is true, or reports that manual action is needed.</summary>
public sealed class EcsFaultTests
{
    private const int Always = 0;

    private static readonly int[] Times = [1, 2, Always];

    private static readonly string[] Plans = ["succeeds", "fails", "fails late", "api never healthy"];

    private static readonly Fault[] OfReads = [Fault.Throttled, Fault.ConnectionLost, Fault.Unavailable];

    /// <summary>Whether a change took effect makes a difference.</summary>
    private static readonly Fault[] OfChanges = [.. OfReads, Fault.ResponseLost, Fault.BrokenResponse, Fault.NoResponse];

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
    public Task It_never_ends_in_a_success_that_is_none(string operation)
    {
        var rows = (IsRead(operation) ? OfReads : OfChanges).SelectMany(fault => Times.Select(times => (fault, times)));
        return Task.WhenAll(rows.Select((row, number) => Run(operation, row.fault, row.times, Plans[number % Plans.Length])));
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
    public Task An_answer_that_says_nothing_is_no_fact(string operation) =>
        Task.WhenAll(Times.SelectMany(times => Plans.Select(plan => Run(operation, Fault.EmptyResponse, times, plan))));

    [Fact]
    public async Task A_service_that_is_gone_for_a_moment_in_a_hollow_answer_takes_no_rollout_back()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Calls.Clear();
        app.Ecs.OnRequest = operation =>
        {
            if (operation == "DescribeServices" && app.Ecs.Calls.Count(c => c == "UpdateService") == 2)
                app.Ecs.FailNext("DescribeServices", Fault.EmptyResponse, Fault.EmptyResponse, Fault.EmptyResponse);
            if (app.Ecs.Calls.Count(c => c == "UpdateService") == 2) app.Ecs.OnRequest = _ => { };
        };
        var ended = await app.Run(app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
    }

    private static bool IsRead(string operation) =>
        ((string[])["Describe", "List", "Get"]).Any(o => operation.StartsWith(o, StringComparison.Ordinal));

    private static async Task Run(string operation, Fault fault, int times, string plan)
    {
        await using var app = await EcsScenario.Start();
        app.Plan(plan);
        foreach (var service in (SimulatedService[])[app.Ecs, app.World.Secrets, app.World.Logs])
            if (times == Always) service.FailAlways(operation, fault);
            else service.FailNext(operation, [.. Enumerable.Repeat(fault, times)]);

        var ended = await app.Run(app.V2);
        await app.AssertTruth(ended, plan, app.V1.Id, app.V2.Id, $"{operation} {fault} {times} {plan}");
        // What passes by itself needs no person.
        Assert.True(ended.Status != PromotionStatus.Stuck || times == Always, ended.Describe($"{operation} {fault} {times} {plan}"));
    }
}
