using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <content>A promotion that is begun and looked for at the same moment.</content>
public sealed partial class PromotionSupervisorTests
{
    [Fact]
    public async Task What_it_is_about_to_drive_it_does_not_take_over()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        PromotionSupervisor? supervisor = null;
        Task? looking = null;
        scenario.Store = InterferedStore.Of((InMemoryReleaseStore)scenario.Store, (method, _, goOn) =>
            method.Name == nameof(IReleaseStore.BeginPromotion) ? Looked((Task<PromotionLock>)goOn()!) : goOn());
        await using (supervisor = Supervisor(scenario, TimeSpan.Zero))
        {
            await supervisor.Begin(new(PromotionId.New(), scenario.App, scenario.V2.Id, "anna"));
            await looking!;
            Assert.Equal(PromotionStatus.Succeeded, (await Released())!.Status);
            Assert.Empty(_reports);
        }

        // Another look at open promotions comes between the write and the driving.
        async Task<PromotionLock> Looked(Task<PromotionLock> written)
        {
            var held = await written;
            looking = supervisor!.EnsureDriven(scenario.App, Cancel);
            return held;
        }
    }

    /// <summary>Its driver would be fenced off by the same process.</summary>
    [Fact]
    public async Task What_is_begun_while_it_is_taken_over_has_one_driver()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2);
        PromotionSupervisor? supervisor = null;
        Task? beginning = null;
        scenario.Store = InterferedStore.Of((InMemoryReleaseStore)scenario.Store, (method, _, goOn) =>
        {
            // The command that wrote it requests that it is driven, right before the take-over.
            if (method.Name == nameof(IReleaseStore.FindPromotion))
                beginning ??= supervisor!.Begin(new(held.Promotion, scenario.App, scenario.V2.Id, "anna"));
            return goOn();
        });
        await using (supervisor = Supervisor(scenario, TimeSpan.Zero))
        {
            await supervisor.EnsureDriven(scenario.App, Cancel);
            await beginning!;
            Assert.Equal(PromotionStatus.Succeeded, (await Released())!.Status);
            Assert.Equal($"promotion {held.Promotion} was taken over from driver", Assert.Single(_reports));
        }
    }
}
