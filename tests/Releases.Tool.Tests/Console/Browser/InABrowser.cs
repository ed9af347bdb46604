using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>One Chromium for all tests that need one.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}

/// <summary>
/// A person with a browser at the console of a rack in memory, served by this process: the pages are the real ones, and the
/// test decides what they show.
/// </summary>
[Collection(BrowserCollection.Name)]
public abstract class InABrowser(Chromium chromium) : Browsing
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("CONVOX_SCREENSHOTS");

    private readonly Complaints _complaints = new();
    private IBrowserContext? _person;

    private protected IBrowserContext Person => _person!;

    /// <summary>The window that is open first.</summary>
    private protected IPage Page { get; private set; } = null!;

    private protected virtual bool Scripts => true;

    private protected override TimeProvider Clock { get; } = new RunningTime();

    /// <summary>From here on the browser rightly complains of what it could not load.</summary>
    private protected void RequestsMayFail() => _complaints.RequestsMayFail = true;

    /// <summary>From here on a script of the page fails.</summary>
    private protected void ScriptsMayFail() => _complaints.ScriptsMayFail = true;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _person = await SignedIn(chromium, Scripts);
        Page = await Person.NewPageAsync();
    }

    private protected async Task<IBrowserContext> SignedIn(Chromium browser, bool scripts = true)
    {
        var person = await browser.Person(scripts);
        _complaints.Of(person, Address.Port);
        await person.AddCookiesAsync([new() { Name = $"convox-console-{Address.Port}", Value = ConsoleContext.Sessions.Begin(),
            Domain = Address.Host, Path = "/", HttpOnly = true, SameSite = SameSiteAttribute.Strict }]);
        return person;
    }

    private protected string Url(string path) => new Uri(Address, path).ToString();

    private protected Task<IResponse?> Open(string path, IPage? window = null) => (window ?? Page).GotoAsync(Url(path));

    private protected async Task<IPage> OpenAnother(string path)
    {
        var window = await Person.NewPageAsync();
        await Open(path, window);
        return window;
    }

    private protected static async Task Until(Func<bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        patience.CancelAfter(TimeSpan.FromMilliseconds(Chromium.Patience));
        while (!isSo()) await Task.Delay(20, patience.Token);
    }

    /// <summary>The window goes to the background, or comes back.</summary>
    private protected Task IsSeen(bool isSeen) => Page.EvaluateAsync("""
        isSeen => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => !isSeen });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """, isSeen);

    /// <summary>Keeps a picture of the page where somebody wants to look at them.</summary>
    private protected async Task Picture(string name)
    {
        if (Pictures is not null) await Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}.png"), FullPage = true });
    }

    private protected static string Row(Release release) => $"tr[data-key='{release.Id}']";

    /// <summary>Presses a button by its name.</summary>
    private protected static Task Push(IPage window, string name) =>
        window.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    public override async ValueTask DisposeAsync()
    {
        if (_person is not null) await _person.CloseAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.True(_complaints.All.IsEmpty, string.Join('\n', _complaints.All));
    }
}
