using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

public sealed class RollbacksThatCannotFinish
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_somebody_ends_lets_a_fix_be_promoted_and_the_old_release_keeps_being_started()
    {
        await using var run = await ProgressiveRun.Make();
        var database = Path.Combine(run.World.Folder, "database");
        await File.WriteAllTextAsync(database, "", Cancel);
        var old = await run.Release($"  web: {{ port: 8080, health: /health, command: 'cat {database} && exec dotnet SampleApp.dll' }}\n", "web");
        await run.Active(old);
        var next = await run.Release("  web: { port: 8080, health: /health, environment: [HEALTH=500] }\n", "web");
        var promotion = await run.Promote(next);
        await run.Until(promotion, p => p.Status == PromotionStatus.RollingOut);
        File.Delete(database);
        await EngineRun.Kill(run.World.Processes.Single(p => p.Release == old.Id).ProcessId!.Value);
        await run.World.Rack.Store.RequestCancel(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested), Cancel);
        await run.Until(promotion, p => p.Services is [{ Status: ServiceStatus.RollingBack, Reason: { } why }]
            && why.Contains("exited with code 1", StringComparison.Ordinal));

        await run.World.Rack.Store.RequestEndOfRollback(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested), Cancel);
        var ended = await promotion.Ended;
        Assert.Equal((PromotionStatus.Stuck, ServiceStatus.Stuck), (ended.Status, Assert.Single(ended.Services).Status));
        Assert.Equal(old.Id, (await run.World.Rack.Store.FindApp(A.App, Cancel))!.Active);

        await File.WriteAllTextAsync(database, "", Cancel);
        await Patience.Until(async () => await run.World.Serves("web") == old.Id);
        File.Delete(database);
        await EngineRun.Kill(run.World.Processes.Single(p => p.Release == old.Id).ProcessId!.Value);
        await run.Active(await run.Release("  web: { port: 8080, health: /health }\n", "web"));
    }
}
