using CliWrap;
using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Console;

/// <summary>The pictures that build/screenshots.sh takes, of an app with a past. No test runs them: they are looked at.</summary>
public sealed class Screenshots(Chromium chromium) : ConsoleTest(chromium)
{
    private const string Shop = """
        services:
          web:
            port: 8080
            health: /health
            scale:
              count: 2
            termination:
              grace: 1
          worker:
            environment:
              - NEVER_LISTEN=1

        """;

    private static readonly string Folder = Environment.GetEnvironmentVariable("CONVOX_SCREENSHOTS") ?? "screenshots";

    private protected override async Task Arrange()
    {
        await Git("init", "-q");
        await Publish("Gift cards at the checkout", "worker", "web");
        await Publish("Show the basket on every page", "web");
        await Rack.Set("DATABASE_URL=postgres://shop@db/shop", "SMTP_HOST=mail.internal", "GREETING=Welcome", NotHealthyYet("web"));
        BecomesHealthy("web");
        await Rack.Do("promote");
        await Publish("Prices with tax in the basket", "web");
        await Rack.Do("promote");
    }

    [Fact(Explicit = true)]
    public async Task Of_every_page()
    {
        var failing = await Rack.Set("CRASH_AT_START=1");
        Assert.Equal(3, (await Rack.Run("promote")).ExitCode);
        var failed = (await Rack.LastPromotion()).Id;
        await Rack.Do("env", "unset", "CRASH_AT_START");
        await Publish("Search by color and size", "web");
        await Open($"/apps/hello/promotions/{failed}");
        await Take("rolled-back");
        await Open($"/apps/hello/releases/{failing}");
        await Take("release");
        await Open("/apps/hello/environment?from=latest");
        await Page.GetByLabel("Lines of").FillAsync("GREETING=Hello again\nCURRENCY=EUR");
        await Page.Locator("form:has(#lines)").GetByRole(AriaRole.Button).ClickAsync();
        await Take("environment");

        IsNotHealthyAgain("web");
        await Rack.Do("promote", "--detach");
        await Open("/apps/hello/releases");
        await Expect(Live).ToContainTextAsync("answered 503");
        await Expect(Live).ToContainTextAsync("1/1");
        await Take("releases");
        foreach (var page in (string[])["services", "logs", "promotions", "builds", "events"])
        {
            await Open($"/apps/hello/{page}");
            await Take(page);
        }

        await Open("/");
        await Take("apps");
        BecomesHealthy("web");
    }

    private async Task Take(string name)
    {
        foreach (var (suffix, width, scheme) in new[] { ("", 1200, ColorScheme.Light), ("-dark", 1200, ColorScheme.Dark),
            ("-phone", 360, ColorScheme.Light) })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await Page.SetViewportSizeAsync(width, 640);
            await Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + suffix + ".png"), FullPage = true });
        }
    }

    private async Task Git(params string[] arguments) =>
        await Cli.Wrap("git").WithWorkingDirectory(Rack.AppFolder).WithArguments(arguments).ExecuteAsync();

    private async Task Publish(string description, params string[] services)
    {
        await Git("-c", "user.name=ci", "-c", "user.email=ci@build", "commit", "-q", "--allow-empty", "-m", description);
        foreach (var service in services) Directory.CreateDirectory(Path.Combine(Rack.AppFolder, service));
        Rack.Builds = ("ci@build", description);
        await Rack.Publish(Shop, services);
    }
}
