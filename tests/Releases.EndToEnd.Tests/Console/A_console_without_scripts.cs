using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Console;

public sealed class A_console_without_scripts(Chromium chromium) : ConsoleTest(chromium)
{
    private protected override bool Scripts => false;

    [Fact]
    public async Task Changes_an_environment_applies_it_and_promotes_an_old_release_by_forms_and_links_alone()
    {
        await Open("/");
        await Page.GetByRole(AriaRole.Link, new() { Name = "hello", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Environment" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Change GREETING" }).ClickAsync();
        await Page.GetByLabel("New value of GREETING").FillAsync("changed");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Set GREETING in the pending change" }).ClickAsync();
        await Expect(Page.Locator(".pending .keys")).ToHaveTextAsync("env change:GREETING");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Apply Changes" }).ClickAsync();
        await LoadUntilActive();
        Assert.EndsWith(" changed", await Rack.Get("/"), StringComparison.Ordinal);

        await Page.Locator(".tabs").GetByText("Releases").ClickAsync();
        await Page.Locator(Row(First)).Locator("th a").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Copy the id" })).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Promote", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Promote v") }).ClickAsync();
        await LoadUntilActive();
        Assert.EndsWith(" first", await Rack.Get("/"), StringComparison.Ordinal);
        Assert.Equal(First, await Rack.Active());
    }

    [Fact]
    public async Task Runs_a_command_by_a_form_and_shows_what_it_printed()
    {
        await Open("/apps/hello/run");
        await Page.GetByLabel("Command", new() { Exact = true }).FillAsync("/bin/echo \"one word\" two");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await LoadUntil("/runs/", async () => await Page.Locator("#exit-code").CountAsync() > 0, "the page of the run says that it has ended");
        await Expect(Page.Locator("#exit-code")).ToHaveTextAsync("0");
        await Expect(Page.Locator("#log")).ToContainTextAsync("one word two");
    }

    private Task LoadUntilActive() => LoadUntil(
        "/promotions/",
        async () => (await Page.Locator("#main").InnerTextAsync()).Contains("is active", StringComparison.Ordinal),
        "the page of the promotion says that its release is active");

    /// <summary>Loads the page to which a form led until it shows something. A page that is still on its way can't be loaded
    /// again.</summary>
    private async Task LoadUntil(string path, Func<Task<bool>> shows, string what)
    {
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(path));
        await Expect(Page.Locator("#main")).ToBeVisibleAsync();
        await Rack.Until(
            async () =>
            {
                await Page.ReloadAsync();
                return await shows();
            }, what);
    }
}
