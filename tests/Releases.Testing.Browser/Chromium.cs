using Microsoft.Playwright;
using Xunit;

namespace Releases.Testing.Browser;

/// <summary>The machine's own Chromium, without a window, for the tests of one class. Nothing is downloaded, and its profile is gone with
/// it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>How long something may take on a machine that does much else.</summary>
    public const float Patience = 180_000;

    // As root, in a container, there is no sandbox; the pages are our own.
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--disable-background-networking", "--no-first-run"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program(), Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    /// <summary>A person with a browser of their own: nothing in it is of another test.</summary>
    public async Task<IBrowserContext> Person(bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = 1200, Height = 800 },
            // A pulsing dot is painted sixty times a second, by the processor.
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return context;
    }

    /// <summary>The shell without windows renders the same and takes less.</summary>
    private static string Program() =>
        (from name in (string[])["chromium-headless-shell", "chromium"]
         from folder in Environment.GetEnvironmentVariable("PATH")!.Split(':')
         select Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("Chromium is missing. Install it (Debian: apt-get install chromium-headless-shell).");
}
