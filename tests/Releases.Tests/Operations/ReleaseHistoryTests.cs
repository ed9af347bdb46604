using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

public sealed class ReleaseHistoryTests : IAsyncDisposable
{
    private readonly InMemoryReleaseStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_when_a_release_was_live_and_which_promotion_was_its_last()
    {
        var (one, two) = (await _store.Release(cancel: Ending), await _store.Release(cancel: Ending));
        await Promoted(one, 10, PromotionStatus.Succeeded);
        // A restart doesn't end the time in which it is live.
        await Promoted(one, 20, PromotionStatus.Succeeded);
        var failed = await Promoted(two, 30, PromotionStatus.Failed);
        var history = await ReleaseHistory.Read(_store, A.App, Ending);
        Assert.Equal((At(10), null), (history.ByRelease[one.Id].LiveFrom, history.ByRelease[one.Id].LiveUntil));
        Assert.Equal((failed.Id, (DateTimeOffset?)null), (history.ByRelease[two.Id].Last.Id, history.ByRelease[two.Id].LiveFrom));
        Assert.False(history.WasLive(await _store.RequireRelease(A.App, two.Id, Ending)));

        await Promoted(two, 40, PromotionStatus.Succeeded);
        await Promoted(two, 45, PromotionStatus.Failed);
        history = await ReleaseHistory.Read(_store, A.App, Ending);
        Assert.Equal((At(10), At(40)), (history.ByRelease[one.Id].LiveFrom!.Value, history.ByRelease[one.Id].LiveUntil!.Value));
        Assert.Equal(At(40), history.ByRelease[two.Id].LiveFrom);
        // Its last promotion failed, but it was live before.
        Assert.True(history.WasLive(await _store.RequireRelease(A.App, two.Id, Ending)));
        Assert.True(history.IsWhole);
    }

    [Theory]
    [InlineData("env add:FOO change:BAR", false, ReleaseKind.Environment)]
    [InlineData("env and tooling", false, ReleaseKind.Build)]
    [InlineData("build 7329df90c1 env add:FOO", false, ReleaseKind.Build)]
    [InlineData("env add:FOO", true, ReleaseKind.Rollback)]
    public void The_kind_of_a_release_is_how_it_came_about(string description, bool isCopy, ReleaseKind kind) =>
        Assert.Equal(kind, A.Release(2, description: description, copyOf: isCopy ? ReleaseId.New() : null).Kind());

    private static DateTimeOffset At(int minute) => A.Moment + TimeSpan.FromMinutes(minute);

    private async Task<Promotion> Promoted(Release release, int minute, PromotionStatus outcome)
    {
        var active = (await _store.RequireApp(A.App, Ending)).Active;
        var promotion = A.Promotion(release, previous: active) with { StartedAt = At(minute - 1) };
        var held = await _store.BeginPromotion(promotion, "a test", A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), Ending);
        var ended = promotion with { Status = outcome, EndedAt = At(minute) };
        await _store.FinishPromotion(held, ended, A.Event(EventKind.PromotionEnded, release.Id, promotion.Id), Ending);
        return ended;
    }
}
