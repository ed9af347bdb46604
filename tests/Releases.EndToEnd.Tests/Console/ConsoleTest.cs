using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;

namespace Releases.EndToEnd.Tests.Console;

/// <summary>A person at the console of a rack that runs an app. In every test the browser asks no other host and logs no error.</summary>
[Collection("racks")]
public abstract class ConsoleTest(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n    termination:\n      grace: 1\n";

    private readonly Complaints _complaints = new();
    private RunningTool? _console;
    private IBrowserContext? _person;

    private protected TestRack Rack { get; } = new();

    private protected IBrowserContext Person => _person!;

    /// <summary>The tab that is open first.</summary>
    private protected IPage Page { get; private set; } = null!;

    /// <summary>What is live on a page.</summary>
    private protected ILocator Live => Page.Locator("#live");

    private protected virtual bool Scripts => true;

    /// <summary>The release that is active at first.</summary>
    private protected ReleaseId First { get; private set; }

    /// <summary>An address of the console.</summary>
    private protected string Address(string path) => new Uri(new Uri(Page.Url), path).ToString();

    public async ValueTask InitializeAsync()
    {
        try
        {
            await Begin();
        }
        catch
        {
            // xUnit does not dispose what was not initialized.
            await DisposeAsync();
            throw;
        }
    }

    private async Task Begin()
    {
        await Arrange();
        var url = await StartConsole();
        _person = await chromium.Person(Scripts);
        _complaints.Of(_person, new Uri(url).Port);
        Page = await Person.NewPageAsync();
        await Page.GotoAsync(url);
        // It leads on by itself; who waits for that navigation may come when it is over.
        await Assertions.Expect(Page).ToHaveURLAsync(new Uri(new Uri(url), "/").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_person is not null) await _person.CloseAsync();
        await EndConsole();
        await Rack.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.True(_complaints.All.IsEmpty, string.Join('\n', _complaints.All));
    }

    /// <summary>What exists before the console starts.</summary>
    private protected virtual async Task Arrange()
    {
        await Rack.Publish(Web, "web");
        First = await Rack.Set("GREETING=first");
        await Rack.Do("promote");
    }

    private protected Task Open(string path) => Page.GotoAsync(Address(path));

    /// <summary>A variable that keeps a release from becoming healthy until <see cref="BecomesHealthy"/>.</summary>
    private protected string NotHealthyYet(string name) => $"HEALTHY_WHEN={Gate(name)}";

    private protected void BecomesHealthy(string name) => File.WriteAllText(Gate(name), "");

    private protected void IsNotHealthyAgain(string name) => File.Delete(Gate(name));

    private protected async Task StartConsoleAgain()
    {
        await EndConsole();
        await StartConsole("--port", new Uri(Page.Url).Port.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<string> StartConsole(params string[] options)
    {
        _console = Rack.Start(["console", "--no-open", "--json", .. options]);
        await Rack.Until(() => Task.FromResult(_console.Ended.IsCompleted
            || _console.Output.ToString().Contains('\n', StringComparison.Ordinal)), "the console prints its address");
        Assert.False(_console.Ended.IsCompleted, _console.Errors.ToString());
        return JsonDocument.Parse(_console.Output.ToString()).RootElement.GetProperty("url").GetString()!;
    }

    private async Task EndConsole()
    {
        if (_console is null) return;
        TestRack.Signal(_console.ProcessId, "INT");
        await _console.Ended;
    }

    private string Gate(string name) => Path.Combine(Rack.AppFolder, "healthy-" + name);

    /// <summary>From here on the browser's tabs must not reload a page.</summary>
    private protected static async Task Stays(IPage tab) => await tab.EvaluateAsync("window.stayed = true");

    private protected static async Task Stayed(IPage tab) =>
        Assert.True(await tab.EvaluateAsync<bool>("window.stayed === true"), "the page was loaded anew");

    /// <summary>A tab that comes to the console along a line, signed in as the others are.</summary>
    private protected async Task<IPage> Along(Line line, string path)
    {
        foreach (var cookie in await Person.CookiesAsync())
            await Person.AddCookiesAsync([new() { Name = cookie.Name, Value = cookie.Value, Domain = line.Address.Host, Path = "/",
                HttpOnly = true, SameSite = cookie.SameSite }]);
        var tab = await Person.NewPageAsync();
        await tab.GotoAsync(new Uri(line.Address, path).ToString());
        return tab;
    }

    /// <summary>From here on the browser rightly complains of what it could not load.</summary>
    private protected void RequestsMayFail() => _complaints.RequestsMayFail = true;

    private protected static string Row(ReleaseId release) => $"tr[data-key='{release}']";
}
