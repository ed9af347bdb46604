using Xunit;

namespace Releases.Testing;

public abstract partial class ReleaseStoreContract
{
    [Fact]
    public async Task Pruning_marks_releases_and_notes_what_is_to_be_removed_in_one_write()
    {
        var (first, second) = (await Store.Release(cancel: Cancel), await Store.Release(description: "über", cancel: Cancel));
        await Store.Promoted(first, PromotionStatus.Failed, Cancel);
        var what = A.Event(EventKind.Pruned);
        Assert.True(await Store.TryPrune(await Store.RequireApp(A.App, Cancel), [first], what, Cancel));

        var pruned = await Store.RequireRelease(A.App, first.Id, Cancel);
        Assert.Equal((what.At, PromotionStatus.Failed), (pruned.PrunedAt, pruned.LastOutcome));
        Assert.Equal(Json(first), Json(pruned with { PrunedAt = null }));
        Assert.Null((await Store.RequireRelease(A.App, second.Id, Cancel)).PrunedAt);
        Assert.Equal([first.Id], (await Store.RequireApp(A.App, Cancel)).Pruning);
        Assert.Equal(EventKind.Pruned, (await Store.ListEvents(A.App, 1, Cancel))[0].Kind);

        await Store.EndPrune(A.App, [first.Id], Cancel);
        await Store.EndPrune(A.App, [first.Id], Cancel);
        Assert.Empty((await Store.RequireApp(A.App, Cancel)).Pruning);
    }

    [Fact]
    public async Task Pruning_is_refused_when_the_app_is_not_as_it_was_seen()
    {
        var release = await Store.Release(cancel: Cancel);
        var seen = await Store.RequireApp(A.App, Cancel);
        await Store.ChangeApp(A.App, a => a with { Pinned = [release.Id] }, A.Event(EventKind.ReleasePinned), Cancel);
        Assert.False(await Store.TryPrune(seen, [release], A.Event(EventKind.Pruned), Cancel));
        seen = await Store.RequireApp(A.App, Cancel);
        await Store.Release(cancel: Cancel);
        Assert.False(await Store.TryPrune(seen, [release], A.Event(EventKind.Pruned), Cancel));
        seen = await Store.RequireApp(A.App, Cancel);
        var promotion = A.Promotion(release);
        await Store.BeginPromotion(promotion, "a test", A.Event(EventKind.PromotionStarted), Cancel);
        Assert.False(await Store.TryPrune(seen, [release], A.Event(EventKind.Pruned), Cancel));
        Assert.Null((await Store.RequireRelease(A.App, release.Id, Cancel)).PrunedAt);
    }

    [Fact]
    public async Task A_release_made_of_one_that_was_pruned_meanwhile_is_refused()
    {
        var (old, latest) = (await Store.Release(cancel: Cancel), await Store.Release(cancel: Cancel));
        Assert.True(await Store.TryPrune(await Store.RequireApp(A.App, Cancel), [old], A.Event(EventKind.Pruned), Cancel));
        foreach (var made in new[] { A.Release(3) with { BasedOn = old.Id }, A.Release(3, copyOf: old.Id) with { BasedOn = latest.Id } })
            Assert.False(await Store.TryAddRelease(new(made, latest.Id, A.Event(EventKind.ReleaseCreated)), Cancel));
        Assert.True(await Store.TryAddRelease(new(A.Release(3) with { BasedOn = latest.Id }, latest.Id, A.Event(EventKind.ReleaseCreated)),
            Cancel));
    }
}
