using Microsoft.Playwright;
using Releases.Testing;
using Releases.Testing.Browser;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Every page, at every width, in light and dark: axe finds nothing, and nothing is cut, broken or outside.</summary>
public sealed class EveryPageTests(Chromium chromium) : InABrowser(chromium)
{
    /// <summary>A phone, a desk at 200 %, a tablet, a small desk, a desk, and a wide screen.</summary>
    private static readonly int[] Widths = [2560, 1440, 1100, 820, 720, 360];

    private readonly List<string> _seen = [];
    private ShopRecords _shop = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _shop = await Shop.Open(Rack, Clock.GetUtcNow(), Ending);
        foreach (var (key, value) in new[]
        {
            ("DATABASE_URL", "postgres://shop@db/shop"), ("GREETING", "Welcome"), ("SMTP_HOST", "mail.internal"),
        })
            await new EnvironmentRelease(Rack, Clock).Create(new(A.App, new([new(key, value)], []), null, A.Person), Ending);
    }

    [Fact]
    public async Task Is_legible_whole_and_accessible()
    {
        foreach (var (name, path) in new[]
        {
            ("apps", "/"), ("releases", "/apps/hello/releases"), ("search", "/apps/hello/releases?kind=environment"),
            ("release", $"/apps/hello/releases/{_shop.Newer.Id}"), ("promote", $"/apps/hello/releases/{_shop.Newer.Id}/promote"),
            ("rollback", "/apps/hello/rollback"), ("compare", $"/apps/hello/compare?from=v4&to=v{_shop.Newer.Number}"),
            ("promotions", "/apps/hello/promotions"), ("failed", $"/apps/hello/promotions/{_shop.Failed.Id}"),
            ("builds", "/apps/hello/builds"), ("build", $"/apps/hello/builds/{_shop.Build.Id}"),
            ("environment", "/apps/hello/environment"), ("variable", "/apps/hello/environment?key=GREETING"),
            ("services", "/apps/hello/services"), ("hooks", "/apps/hello/hooks"),
            ("remove-hook", $"/apps/hello/hooks/{_shop.Hook.Id}/remove"), ("logs", "/apps/hello/logs"), ("events", "/apps/hello/events"),
            ("run", "/apps/hello/run"), ("verify", $"/apps/hello/releases/{_shop.Newer.Id}/verify"),
        }) await Look(name, path);

        Assert.True(_seen.Count == 0, string.Join('\n', _seen.Distinct()));
    }

    [Fact]
    public async Task Is_so_in_every_state_of_its_app()
    {
        var empty = AppName.Parse("empty");
        await Rack.Store.App(empty, Ending);
        foreach (var (tab, _, _) in Releases.Tool.Page.Tabs) await Look($"empty-{tab}", $"/apps/empty/{tab}");

        await Driver.Begin(new(PromotionId.New(), A.App, _shop.Newer.Id, A.Person), Ending);
        Driver.Web(ServiceStatus.Starting, healthy: 1, old: 2, reason: "it answered 503");
        await Driver.Step();
        await Look("rollout-releases", "/apps/hello/releases");
        await Look("rollout-services", "/apps/hello/services");
        await Look("rollout", $"/apps/hello/promotions/{Driver.Promotion}");
        await Driver.Then(p => p with
        {
            Hold = new() { Seconds = 3600, Since = Clock.GetUtcNow() },
            Plan = new([new(0) { KeepsOld = true }, new(10) { HoldSeconds = 120, KeepsOld = true }, new(100)]),
            Traffic = new(0, 0, Clock.GetUtcNow()),
            Steps = [new(0, 0, Clock.GetUtcNow())],
            VerifyCommands = [new() { Service = A.Web, StartedAt = A.Moment, EndedAt = A.Moment, ExitCode = 0 }],
        }).Step();
        await Look("held", $"/apps/hello/promotions/{Driver.Promotion}");
        await Driver.Then(p => p with
        {
            Hold = p.Hold! with { ApprovedBy = A.Person, ApprovedAt = Clock.GetUtcNow() },
            Traffic = new(1, 10, Clock.GetUtcNow()),
            Steps = [new(0, 0, A.Moment) { EndedAt = Clock.GetUtcNow() }, new(1, 10, Clock.GetUtcNow())],
        }).Step();
        Rack.Measured!.Services.Add(new(A.Web, _shop.Newer.Id, new(80, 6, 1, 0, 0, null, TimeSpan.FromMilliseconds(41), null), 0, []));
        await Look("canary", $"/apps/hello/promotions/{Driver.Promotion}");
        await Look("canary-elsewhere", "/apps/hello/environment");
        Driver.Web(ServiceStatus.RolledBack, healthy: 2).Ends(PromotionStatus.Cancelled, "cancelled by somebody@box");
        await Driver.Step();
        await Driver.Step();
        var hold = new AppHold(A.Person, Clock.GetUtcNow(), "database migration until 15:00");
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = hold }, A.Event(EventKind.AppLocked), Ending);
        await Look("locked", "/apps/hello/releases");
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = null }, A.Event(EventKind.AppUnlocked), Ending);
        await Look("locking", "/apps/hello/releases", () => Page.Locator("#lock summary").ClickAsync());
        await Driver.Begin(new(PromotionId.New(), A.App, _shop.Newer.Id, A.Person), Ending);
        Driver.Web(ServiceStatus.Stuck, healthy: 1, old: 1, reason: "port 20000 is in use by another program")
            .Ends(PromotionStatus.Stuck, "web exited with code 134 before it became healthy (3 times)");
        await Driver.Step();
        await Driver.Step();
        await Look("stuck", $"/apps/hello/promotions/{Driver.Promotion}");
        await Rack.Store.Release(empty, with: r => r with { PrunedAt = A.Moment }, cancel: Ending);
        await Look("pruned", "/apps/empty/releases/v1");
        RequestsMayFail();
        await Look("not-found", "/apps/none/releases");
        await Person.ClearCookiesAsync();
        await Look("signed-out", "/apps/hello/releases");

        Assert.True(_seen.Count == 0, string.Join('\n', _seen.Distinct()));
    }

    /// <summary>Looks at a page in both themes at every width.</summary>
    private async Task Look(string name, string path, Func<Task>? then = null)
    {
        await Open(path);
        if (then is not null) await then();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            foreach (var width in Widths)
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                await Page.SetViewportSizeAsync(width, 900);
                await Picture($"{name}-{width}{(scheme == ColorScheme.Dark ? "-dark" : "")}");
                var isDark = scheme == ColorScheme.Dark;
                var violations = isDark ? await Legible.AxeOnColors(Page) : await Legible.Axe(Page);
                _seen.AddRange(violations.Select(v => $"{name} in {scheme} at {width}: {v}"));
                if (isDark) continue;
                if (await Legible.TooWide(Page) is > 0 and var tooWide) _seen.Add($"{name} at {width}: {tooWide} px too wide");
                _seen.AddRange((await Legible.Outside(Page)).Select(o => $"{name} at {width}: outside: {o}"));
                _seen.AddRange((await Legible.BrokenWords(Page)).Select(o => $"{name} at {width}: broken: {o}"));
                _seen.AddRange((await Legible.Cut(Page)).Select(o => $"{name} at {width}: cut: {o}"));
                _seen.AddRange((await Legible.EmptyLandmarks(Page)).Select(o => $"{name} at {width}: an empty landmark: {o}"));
            }
    }
}
