namespace Releases;

/// <summary>Keeps the newest promotions of an app in full detail, and shortens older ones to a summary.</summary>
/// <param name="store">The store of the records.</param>
public sealed class ShortenHistory(IReleaseStore store)
{
    /// <summary>The number of newest promotions that keep their details.</summary>
    public const int Detailed = 1000;

    /// <summary>
    /// The maximum number of promotions that one run shortens, so that a long history of an earlier version doesn't delay it.
    /// </summary>
    public const int PerRun = 500;

    private const int PerWrite = 100;

    /// <summary>Shortens older promotions. If it is interrupted, or if more are left, the next run continues.</summary>
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
