using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Releases.Testing.Simulation.Ecs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Aws;

/// <summary>A person with a browser at the console of a rack on AWS: the tool, DynamoDB Local, and ECS as it behaves.</summary>
public sealed class The_console_on_AWS(PackedPackages packages, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly AwsStage _aws = new(packages);
    private readonly Complaints _complaints = new();
    private RunningTool? _console;
    private IBrowserContext? _person;

    private IPage Page { get; set; } = null!;

    private ILocator Live => Page.Locator("#live");

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        await _aws.Do("rack", "init");
        var published = await _aws.Workspace.Publish("Web");
        Assert.True(published.ExitCode == 0, published.Output);
        await _aws.Do("env", "set", "GREETING=hello");
        await _aws.Do("promote");
        await _aws.Do("env", "set", "GREETING=second");
        _console = _aws.Start("console", "--no-open", "--json");
        await Patience.Until(() => _console.Ended.IsCompleted || _console.Output.ToString().Contains('\n', StringComparison.Ordinal));
        Assert.False(_console.Ended.IsCompleted, _console.Errors.ToString());
        var url = JsonDocument.Parse(_console.Output.ToString()).RootElement.GetProperty("url").GetString()!;
        _person = await chromium.Person();
        _complaints.Of(_person, new Uri(url).Port);
        Page = await _person.NewPageAsync();
        await Page.GotoAsync(url);
        await Expect(Page).ToHaveURLAsync(new Uri(new Uri(url), "/").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_person is not null) await _person.CloseAsync();
        if (_console is not null)
        {
            TestRack.Signal(_console.ProcessId, "INT");
            await _console.Ended;
        }

        await _aws.DisposeAsync();
        Assert.True(_complaints.All.IsEmpty, string.Join('\n', _complaints.All));
    }

    [Fact]
    public async Task Shows_what_runs_promotes_it_live_rolls_back_and_changes_the_environment()
    {
        var row = Page.Locator("tr[data-key=shop]");
        await Expect(row).ToContainTextAsync("running");
        await Expect(row).ToContainTextAsync("v2");
        await Expect(Page.Locator(".who")).ToContainTextAsync(AwsStage.Address);
        await Expect(Page.Locator("#page")).ToContainTextAsync("No agent is running");
        await IsAccessible();

        _aws.NextBehaviors(new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(6)));
        await Page.GetByRole(AriaRole.Link, new() { Name = "shop", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Promote v3" }).ClickAsync();
        await Expect(Page.Locator("#page")).ToContainTextAsync("change:GREETING");
        await Press("Promote v3");
        await Expect(Live).ToContainTextAsync("rolling out");
        await Expect(Live.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("web");
        await Page.EvaluateAsync("window.stayed = true");
        await IsAccessible();
        await IsActive();
        Assert.True(await Page.EvaluateAsync<bool>("window.stayed === true"), "the page was loaded anew");
        Assert.Equal("second", await Value("GREETING"));

        await Open("releases");
        await Expect(Page.Locator("tr.active")).ToContainTextAsync("v3");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Press("Roll back to v2");
        await IsActive();
        Assert.Equal("hello", await Value("GREETING"));
        await Open("environment");
        await Press("Reveal GREETING");
        await Expect(Page.Locator("#var-GREETING .value")).ToHaveTextAsync("hello");

        await Page.Locator("#key").FillAsync("GREETING");
        await Page.Locator("#value").FillAsync("third");
        await Page.Locator("#set").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env change:GREETING");
        await IsAccessible();
        await Press("Apply Changes");
        await IsActive();
        Assert.Equal("third", await Value("GREETING"));

        foreach (var (page, text) in new[]
        {
            ("services", "healthy"), ("logs", "no database"), ("promotions", "succeeded"), ("builds", "complete"),
            ("events", "promotion ended"),
        })
        {
            await Open(page);
            await Expect(Page.Locator("#page")).ToContainTextAsync(text);
            await IsAccessible();
        }
    }

    [Fact]
    public async Task Says_why_a_promotion_failed_and_what_still_runs_and_learns_of_one_that_a_terminal_began()
    {
        await Open("releases");
        _aws.NextBehaviors(new TaskBehavior.Fails(TimeSpan.FromSeconds(1)));
        var promoted = _aws.Start("promote");
        await Expect(Live).ToContainTextAsync("rolling out");
        await Expect(Page.Locator("[data-begins]:not([aria-disabled]):not(:disabled)")).ToHaveCountAsync(0);
        var end = await promoted.Ended;
        Assert.True(end.ExitCode == 3, end.All);
        await Expect(Live).ToContainTextAsync("3 tasks failed");
        await Expect(Live).ToContainTextAsync("v2 is still live");
        await Page.Locator("#notice").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.Locator("pre.log").First).ToContainTextAsync("no database");
        await IsAccessible();
    }

    private Task Press(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private Task<IResponse?> Open(string page) => Page.GotoAsync(new Uri(new Uri(Page.Url), $"/apps/shop/{page}").ToString());

    private async Task IsActive()
    {
        await Expect(Page).ToHaveURLAsync(new Regex("/promotions/"));
        await Expect(Page.Locator("#main")).ToContainTextAsync("is active");
    }

    private async Task IsAccessible() => Assert.Empty(await Legible.Axe(Page));

    private async Task<string> Value(string key) => (await _aws.Do("env", "get", key, "--from", "active")).Trim();
}
