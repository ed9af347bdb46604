using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Every call is refused for good in every way once ECS was asked for the first service; what is recorded then is what runs.</summary>
public sealed class EcsRefusalTests(DynamoDbLocal dynamo)
{
    private static readonly string[] Codes = ["AccessDeniedException", "ExpiredTokenException"];
    private static readonly string[] Fates = ["lands", "fails", "fails late"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
        Task.WhenAll(Codes.SelectMany(code => Fates.Select(fate => Run(operation, code, fate))));

    private async Task Run(string operation, string code, string fate)
    {
        // It is ECS that refuses here, so the records are in memory: a way back of 15 minutes writes hundreds of them.
        await using var app = await EcsScenario.With(dynamo, records: new InMemoryReleaseStore());
        if (fate == "fails") app.Ecs.Fortunes["hello-web"] = new([new Fortune.TasksFail(TimeSpan.FromSeconds(5))]);
        if (fate == "fails late") app.Ecs.Fortunes["hello-api"] = new([new Fortune.TasksFail(TimeSpan.FromSeconds(30))]);
        var isAsked = false;
        app.Ecs.Asked = asked =>
        {
            if (isAsked) foreach (var service in (SimulatedService[])[app.Ecs, app.World.Logs]) service.Refuses(operation, code);
            isAsked |= asked == "UpdateService";
        };
        var ended = await app.Run(app.V2, TimeSpan.FromMinutes(3));

        var story = $"{operation} {code} {fate}: {ended.Status} {ended.Reason} {string.Join(' ', ended.Services.Select(s => $"{s.Service} {s.Status} {s.Reason}"))}";
        var (old, next) = (app.V1.Id.ToString(), app.V2.Id.ToString());
        var runs = (app.Runs("web"), app.Runs("api"));
        var active = await app.Active();
        Assert.Null(await app.World.Store.FindLock(A.App, Cancel));
        switch (ended.Status)
        {
            case PromotionStatus.Succeeded:
                Assert.True(fate == "lands" && active == app.V2.Id && runs == (next, next), story);
                break;
            case PromotionStatus.Failed:
                Assert.True(active == app.V1.Id && runs == (old, old), story);
                break;
            default:
                // What keeps it from going back is told, service by service.
                Assert.True(ended.Status == PromotionStatus.Stuck && active == app.V1.Id && EcsScenario.Told(ended).ExitCode == 4, story);
                Assert.Contains(ended.Services, s => s is { Status: ServiceStatus.Stuck, Reason: { } reason } && reason.Contains(code, StringComparison.Ordinal));
                break;
        }
    }
}
