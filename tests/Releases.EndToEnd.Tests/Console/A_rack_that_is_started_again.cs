using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Console;

/// <summary>What pages show that are open while the rack's daemon stops, dies and comes back.</summary>
public sealed class A_rack_that_is_started_again(Chromium chromium) : ConsoleTest(chromium)
{
    [Fact]
    public async Task Is_seen_to_be_stopped_and_to_run_again_by_pages_that_are_open_and_their_log_goes_on()
    {
        await Open("/apps/hello/services");
        var log = await Another("/apps/hello/logs");
        await Expect(log.Locator("#log")).ToContainTextAsync("listening on");
        foreach (var tab in Person.Pages) await Stays(tab);

        await Rack.Do("rack", "stop");
        await Expect(Page.Locator("#services")).ToContainTextAsync("the rack is stopped");
        await Expect(log.Locator("#log")).ToContainTextAsync("stopped");
        await Rack.Do("rack", "start");
        await IsHealthy();
        await Expect(Page.Locator("#services")).Not.ToContainTextAsync("the rack is stopped");
        await Expect(log.Locator("#log div").Filter(new() { HasText = "listening on" })).ToHaveCountAsync(2);

        TestRack.Signal(await Rack.DaemonProcess(), "KILL");
        await Rack.Do("rack", "start");
        await IsHealthy();
        foreach (var tab in Person.Pages)
        {
            await Expect(tab.Locator("#offline")).ToBeHiddenAsync();
            await Stayed(tab);
        }
    }

    [Fact]
    public async Task A_promotion_whose_daemon_dies_is_followed_to_its_end_on_the_page_that_began_it()
    {
        var slow = await Rack.Set("GREETING=slow", NotHealthyYet("slow"));
        await Open($"/apps/hello/releases/{slow}/promote");
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Promote v") }).ClickAsync();
        await Expect(Live).ToContainTextAsync("rolling out");
        await Stays(Page);
        TestRack.Signal(await Rack.DaemonProcess(), "KILL");
        BecomesHealthy("slow");
        await Expect(Live).ToContainTextAsync("is active");
        await Stayed(Page);
        Assert.EndsWith(" slow", await Rack.Get("/"), StringComparison.Ordinal);
    }

    private async Task IsHealthy() => await Expect(Page.Locator("#services tr[data-key=web]").First).ToContainTextAsync("1/1");

    private async Task<IPage> Another(string path)
    {
        var tab = await Person.NewPageAsync();
        await tab.GotoAsync(Address(path));
        return tab;
    }
}
