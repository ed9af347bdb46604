using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Every call is refused for good in every way once ECS was asked for the first service; the records then match the
/// running tasks.</summary>
public sealed class EcsRefusalTests
{
    private static readonly string[] Codes = ["AccessDeniedException", "ExpiredTokenException"];
    private static readonly string[] Plans = ["succeeds", "fails", "fails late"];

    [Theory]
    [InlineData("DescribeServices")]
    [InlineData("DescribeTaskDefinition")]
    [InlineData("RegisterTaskDefinition")]
    [InlineData("UpdateService")]
    [InlineData("StopServiceDeployment")]
    [InlineData("DescribeServiceDeployments")]
    [InlineData("ListServiceDeployments")]
    [InlineData("DescribeServiceRevisions")]
    [InlineData("ListTasks")]
    [InlineData("DescribeTasks")]
    [InlineData("DeregisterTaskDefinition")]
    [InlineData("GetLogEvents")]
    public Task Nothing_is_called_back_that_is_not_and_nothing_active_that_was_not_seen(string operation) =>
        Task.WhenAll(Codes.SelectMany(code => Plans.Select(plan => Run(operation, code, plan))));

    private static async Task Run(string operation, string code, string plan)
    {
        await using var app = await EcsScenario.Start();
        app.Plan(plan);
        var isAsked = false;
        app.Ecs.OnRequest = asked =>
        {
            if (isAsked)
                foreach (var service in (SimulatedService[])[app.Ecs, app.World.Logs]) service.Refuse(operation, code);
            isAsked |= asked == "UpdateService";
        };
        var ended = await app.Run(app.V2, TimeSpan.FromMinutes(3));
        await app.AssertTruth(ended, plan, app.V1.Id, app.V2.Id, $"{operation} {code} {plan}");
        // What prevents the rollback is reported, service by service.
        if (ended.Status == PromotionStatus.Stuck)
            Assert.Contains(ended.Services,
                s => s is { Status: ServiceStatus.Stuck, Reason: { } reason } && reason.Contains(code, StringComparison.Ordinal));
    }
}
