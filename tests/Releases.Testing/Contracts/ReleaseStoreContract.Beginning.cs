using Xunit;

namespace Releases.Testing;

public abstract partial class ReleaseStoreContract
{
    [Fact]
    public async Task A_release_whose_promotion_begins_with_it_is_there_with_it_or_not_at_all()
    {
        var first = await Store.Release(cancel: Cancel);
        var held = await Store.BeginPromotion(A.Promotion(first), "a test", A.Event(EventKind.PromotionStarted), Cancel);
        var copy = Copy(first);
        Assert.False(await Store.TryAddRelease(copy, Cancel));
        Assert.Single(await Store.ListReleases(A.App, 10, cancel: Cancel));
        Assert.Single(await Store.ListPromotions(A.App, 10, cancel: Cancel));
        var promotion = await Store.RequirePromotion(A.App, held.Promotion, Cancel);
        var ended = promotion with { Status = PromotionStatus.Succeeded, EndedAt = A.Moment };
        await Store.FinishPromotion(held, ended, A.Event(EventKind.PromotionEnded), Cancel);
        // Another release is active than when the copy was made.
        Assert.False(await Store.TryAddRelease(copy, Cancel));
        Assert.True(await Store.TryAddRelease(copy with { Active = first.Id }, Cancel));
        var begun = (await Store.FindLock(A.App, Cancel))!;
        Assert.Equal((copy.Release.Id, copy.Begins!.Promotion.Id, "its driver"), (begun.Release, begun.Promotion, begun.Owner));
        Assert.Equal(copy.Release.Id, (await Store.RequirePromotion(A.App, begun.Promotion, Cancel)).Release);
        Assert.Equal([A.App], await Store.ListPromoting(Cancel));
        Assert.Equal(
            [EventKind.PromotionStarted, EventKind.ReleaseCreated], (await Store.ListEvents(A.App, 2, Cancel)).Select(e => e.Kind));
        await Store.SavePromotion(begun, copy.Begins.Promotion with { Reason = "driven" }, Cancel);
    }

    /// <summary>Whoever begins it decided by what it read before.</summary>
    [Fact]
    public async Task A_promotion_of_a_locked_app_or_on_another_release_than_the_active_one_does_not_begin()
    {
        var first = await Store.Release(cancel: Cancel);
        var copy = Copy(first);
        await Store.ChangeApp(A.App, a => a with { Hold = new(A.Person, A.Moment, "a migration") }, A.Event(), Cancel);
        await Fails(ProblemCode.AppLocked, () => Begin(A.Promotion(first)));
        Assert.False(await Store.TryAddRelease(copy, Cancel));
        await Store.ChangeApp(A.App, a => a with { Hold = null }, A.Event(), Cancel);
        await Store.Promoted(first, cancel: Cancel);

        await Fails(ProblemCode.ChangedMeanwhile, () => Begin(A.Promotion(first)));
        await Fails(ProblemCode.ChangedMeanwhile, () => Begin(A.Promotion(first, previous: copy.Release.Id)));
        Assert.Null(await Store.FindLock(A.App, Cancel));
        Assert.Single(await Store.ListPromotions(A.App, 10, cancel: Cancel));
        Assert.Equal(first.Id, (await Begin(A.Promotion(first, previous: first.Id))).Release);

        Task<PromotionLock> Begin(Promotion promotion) =>
            Store.BeginPromotion(promotion, "a test", A.Event(EventKind.PromotionStarted), Cancel);
    }

    /// <summary>The first response may have been lost.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_promotion_that_is_begun_twice_under_its_id_begins_once(bool addsRelease)
    {
        var first = await Store.Release(cancel: Cancel);
        var (copy, promotion) = (Copy(first), A.Promotion(first));
        for (var i = 0; i < 2; i++)
        {
            if (addsRelease) Assert.True(await Store.TryAddRelease(copy, Cancel));
            else
            {
                var held = await Store.BeginPromotion(promotion, "a test", A.Event(EventKind.PromotionStarted), Cancel);
                Assert.Equal(await Store.FindLock(A.App, Cancel), held);
            }
        }

        Assert.Single(await Store.ListPromotions(A.App, 10, cancel: Cancel));
        Assert.Equal(addsRelease ? 2 : 1, (await Store.RequireApp(A.App, Cancel)).LastNumber);
    }

    [Fact]
    public async Task Of_many_releases_that_are_made_to_be_promoted_at_once_one_is_there()
    {
        var first = await Store.Release(cancel: Cancel);
        var added = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.TryAddRelease(Copy(first), Cancel), Cancel)));
        Assert.Single(added, true);
        Assert.Equal(2, (await Store.ListReleases(A.App, 10, cancel: Cancel)).Count);
        Assert.Single(await Store.ListPromotions(A.App, 10, cancel: Cancel));
    }

    private static ReleaseAddition Copy(Release first)
    {
        var copy = A.Release(2, copyOf: first.Id);
        var promotion = A.Promotion(copy);
        return new(copy, first.Id, A.Event(EventKind.ReleaseCreated, copy.Id))
        {
            Begins = new(promotion, "its driver", A.Event(EventKind.PromotionStarted, copy.Id, promotion.Id)),
        };
    }
}
