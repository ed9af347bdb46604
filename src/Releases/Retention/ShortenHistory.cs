namespace Releases;

/// <summary>Keeps the promotions of an app in detail as long as people look at them; older ones stay as a line each.</summary>
/// <param name="store">The records.</param>
public sealed class ShortenHistory(IReleaseStore store)
{
    /// <summary>How many of the newest promotions stay in detail.</summary>
    public const int Detailed = 1000;

    private const int PerWrite = 500;

    /// <summary>Shortens what is older. Ended in between, the next run continues.</summary>
    public async Task Run(AppName app, CancellationToken cancel)
    {
        while (await store.ShortenPromotions(app, Detailed, PerWrite, cancel) > 0) cancel.ThrowIfCancellationRequested();
    }
}
