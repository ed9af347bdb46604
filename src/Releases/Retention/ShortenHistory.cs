namespace Releases;

/// <summary>Keeps the promotions of an app in detail as long as people look at them; older ones stay as a line each.</summary>
/// <param name="store">The records.</param>
public sealed class ShortenHistory(IReleaseStore store)
{
    /// <summary>How many of the newest promotions stay in detail.</summary>
    public const int Detailed = 1000;

    /// <summary>How many a run shortens at most: what has a long history of an earlier version doesn't wait for all of it.</summary>
    public const int PerRun = 500;

    private const int PerWrite = 100;

    /// <summary>Shortens what is older. Ended in between, and where more is left, the next run continues.</summary>
    public async Task Run(AppName app, CancellationToken cancel)
    {
        for (var left = PerRun; left > 0; cancel.ThrowIfCancellationRequested())
        {
            var shortened = await store.ShortenPromotions(app, Detailed, Math.Min(left, PerWrite), cancel);
            if (shortened == 0) return;
            left -= shortened;
        }
    }
}
