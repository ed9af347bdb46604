using Releases.Testing;
using Xunit;

namespace Releases.Tests.Retention;

public sealed class ShortenHistoryTests : IAsyncDisposable
{
    private const int Old = ShortenHistory.PerRun + 150;

    private readonly FakeRack _rack = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task A_long_history_is_shortened_in_portions()
    {
        await Given(ShortenHistory.Detailed + Old);
        foreach (var shortened in (int[])[ShortenHistory.PerRun, Old, Old])
        {
            await new ShortenHistory(_rack.Store).Run(A.App, Cancel);
            await IsShortened(shortened);
        }
    }

    [Fact]
    public async Task It_may_die_at_every_write_and_the_next_run_continues()
    {
        await Given(ShortenHistory.Detailed + Old);
        var deaths = 0;
        for (var runs = 0; await Shortened() < Old; runs++)
        {
            Assert.True(runs < 20, $"{runs} runs shortened {await Shortened()} of {Old}");
            // Before its first write, then right after it, and so on.
            if (await DiesAt(moment: (runs % 2) + 1)) deaths++;
        }

        Assert.True(deaths > 4);
        await IsShortened(Old);
    }

    private async Task IsShortened(int count)
    {
        var all = (await _rack.Records.ListPromotions(A.App, int.MaxValue, cancel: Cancel)).Reverse().ToList();
        Assert.Equal(ShortenHistory.Detailed + Old, all.Count);
        Assert.All(all.Take(count), p => Assert.True(p.IsShortened && p.Services.Count == 0 && p.Status == PromotionStatus.Succeeded));
        Assert.All(all.Skip(count), p => Assert.True(!p.IsShortened && p.Services.Count == 1));
    }

    private async Task<int> Shortened() =>
        (await _rack.Records.ListPromotions(A.App, int.MaxValue, cancel: Cancel)).Count(p => p.IsShortened);

    private async Task<bool> DiesAt(int moment)
    {
        var moments = 0;
        void Pass()
        {
            if (++moments == moment) throw new DiedException();
        }

        var store = InterferedStore.Of(_rack.Records, (method, _, go) =>
        {
            if (method.Name != nameof(IReleaseStore.ShortenPromotions)) return go();
            Pass();
            var done = go();
            Pass();
            return done;
        });
        try
        {
            await new ShortenHistory(store).Run(A.App, Cancel);
            return false;
        }
        catch (DiedException)
        {
            return true;
        }
    }

    private async Task Given(int promotions)
    {
        var release = await _rack.Records.Release(cancel: Cancel);
        for (var n = 0; n < promotions; n++)
        {
            var active = (await _rack.Records.RequireApp(A.App, Cancel)).Active;
            var promotion = A.Promotion(release, previous: active) with
            { Services = [new() { Service = A.Web, LastLines = ["a line"] }] };
            var held = await _rack.Records.BeginPromotion(promotion, "a test", A.Event(EventKind.PromotionStarted), Cancel);
            await _rack.Records.FinishPromotion(
                held, promotion with { Status = PromotionStatus.Succeeded, EndedAt = A.Moment }, A.Event(EventKind.PromotionEnded), Cancel);
        }
    }

    private sealed class DiedException : Exception;
}
