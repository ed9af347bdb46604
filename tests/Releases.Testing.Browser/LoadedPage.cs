using Microsoft.Playwright;

namespace Releases.Testing.Browser;

/// <summary>A page whose scripts listen.</summary>
public static class LoadedPage
{
    /// <summary>
    /// Waits until the page that is shown has loaded its scripts. It asks the page, because Playwright's own wait misses a page that loads
    /// at the moment at which it begins to wait.
    /// </summary>
    public static Task IsLoaded(this IPage page) =>
        Patience.Until(() => page.EvaluateAsync<bool>("document.readyState === 'complete'"));
}
