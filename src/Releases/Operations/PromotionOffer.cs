namespace Releases;

/// <summary>Offers to promote a release where that can work, and otherwise to make one that can be promoted.</summary>
public static class PromotionOffer
{
    /// <summary>Offers a release. One that was pruned or whose services weren't all built can't be promoted.</summary>
    /// <param name="release">The release.</param>
    /// <param name="words">What promoting it does for the user, without a period: <c>Promote it</c>.</param>
    public static Remedy Of(Release release, string words) => release.Pruned() is { Remedy: { } again } ? again
        : release.IsComplete ? Remedy.Do(Operation.Promote, words, release.Id.ToString())
        : Deploy();

    /// <summary>Offers the latest release of an app without an active one.</summary>
    /// <param name="store">The store that has the release.</param>
    /// <param name="app">The app.</param>
    /// <param name="words">What promoting one does for the user, without a period: <c>Promote one</c>.</param>
    /// <param name="cancel">Cancels the read.</param>
    public static async Task<Remedy> OfLatest(IReleaseStore store, App app, string words, CancellationToken cancel) =>
        app.Latest is { } id && await store.FindRelease(app.Name, id, cancel) is { PrunedAt: null, IsComplete: true }
            ? Remedy.Do(Operation.Promote, words)
            : Deploy();

    private static Remedy Deploy() => Remedy.Do(Operation.Deploy, "Build and promote the app");
}
