using Releases.Aws.Tests.Tasks;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>The tasks of a traced promotion's commands have the context of their own spans.</summary>
public sealed class EcsTraceTests
{
    private static readonly string WithCommands = EcsScenario.TwoServices.Replace(
        "build: Api", "build: Api\n    release: ./migrate\n    verify: ./smoke", StringComparison.Ordinal);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Release_and_verify_commands_continue_the_trace()
    {
        await using var app = await EcsScenario.Start(manifest: WithCommands);
        var trace = PromotionTrace.Parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")!;
        var before = app.Ecs.StandaloneTasks.All.Count;
        var next = await app.AddRelease(WithCommands, ("SECRET", "third"), (PromotionTrace.Variable, "of the release"));
        var ended = await app.Driver.Drive(await app.Begin(next, trace: trace), Cancel);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        var api = ServiceName.Parse("api");
        Assert.Equal(
            [SpanOf(SpanNames.Release(api)), SpanOf(SpanNames.Verify(api))],
            app.Ecs.StandaloneTasks.All.Skip(before).Select(t => ATaskRelease.Container(app.Ecs.Definitions.Definition(t.Definition)))
                .Select(c => ATaskRelease.Entries(c, "environment")
                    .Single(e => e.StartsWith($"{PromotionTrace.Variable}=", StringComparison.Ordinal))));
        Assert.All(
            app.Ecs.StandaloneTasks.All.Skip(before),
            t => Assert.DoesNotContain(
                ATaskRelease.Entries(ATaskRelease.Container(app.Ecs.Definitions.Definition(t.Definition)), "secrets"),
                e => e.StartsWith(PromotionTrace.Variable, StringComparison.Ordinal)));

        string SpanOf(string span) => $"{PromotionTrace.Variable}={trace.ContextOf(ended.Id, span)}";
    }
}
