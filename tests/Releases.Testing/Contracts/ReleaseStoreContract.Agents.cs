using Xunit;

namespace Releases.Testing;

public abstract partial class ReleaseStoreContract
{
    [Fact]
    public async Task A_promotion_that_is_handed_over_is_offered_until_somebody_takes_it()
    {
        var release = await Store.Release(cancel: Cancel);
        var promotion = A.Promotion(release) with { IsHandedOver = true };
        var offered = await Store.BeginPromotion(promotion, "nobody", A.Event(EventKind.PromotionStarted), Cancel);
        Assert.True(offered is { IsOffered: true, IsUntouched: true });

        var taken = (await Store.TakeOver(offered, "agent", A.Event(EventKind.PromotionTakenOver), Cancel))!;
        Assert.True(taken is { IsOffered: false, IsUntouched: false });
        Assert.False((await Store.FindLock(A.App, Cancel))!.IsOffered);
        await Fails(ProblemCode.Fenced, () => Store.OfferLock(offered, Cancel));
    }

    [Fact]
    public async Task A_driver_that_stops_offers_its_promotion_and_a_wish_to_cancel_stays()
    {
        var (_, promotion, held) = await Begun();
        await Store.RequestCancel(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested, by: "canceller"), Cancel);
        await Store.OfferLock(held, Cancel);

        var offered = (await Store.FindLock(A.App, Cancel))!;
        Assert.True(offered is { IsOffered: true, IsUntouched: false, CancelRequestedBy: "canceller" });
        await Fails(ProblemCode.Fenced, () => Store.SavePromotion(held, promotion, Cancel));
        Assert.False((await Store.TakeOver(offered, "agent", A.Event(EventKind.PromotionTakenOver), Cancel))!.IsOffered);
    }

    [Fact]
    public async Task The_apps_with_an_open_promotion_are_listed()
    {
        Assert.Empty(await Store.ListPromoting(Cancel));
        var (_, promotion, held) = await Begun();
        await Store.Release(AppName.Parse("another"), cancel: Cancel);
        Assert.Equal([A.App], await Store.ListPromoting(Cancel));
        await Store.FinishPromotion(held, promotion with { Status = PromotionStatus.Failed }, A.Event(EventKind.PromotionEnded), Cancel);
        Assert.Empty(await Store.ListPromoting(Cancel));
    }
}
