using Releases.Testing.Browser;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Releases.EndToEnd.Tests.Console;

public sealed class A_console_without_a_mouse(Chromium chromium) : ConsoleTest(chromium)
{
    /// <summary>More than any page has, so that one in which the focus is caught ends.</summary>
    private const int MostStops = 80;

    /// <summary>What shows where the focus is: an outline that is seen; with it the element in a few words.</summary>
    private const string Focus = """
        () => {
          const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
          return { isPage: e === document.body, text: e.outerHTML.slice(0, 150),
            isSeen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 4 && box.height > 4 };
        }
        """;

    [Fact]
    public async Task Promotes_an_old_release_with_the_keys_alone_which_have_a_name_and_a_visible_focus_wherever_they_stop()
    {
        await Rack.Set("GREETING=second");
        await Rack.Do("promote");
        await Open("/");
        await Press("- link \"hello\"");
        await Open($"/apps/hello/releases/{First}");
        await Press("- link \"Promote\"");
        await Press("- button \"Promote v2\"");
        await Expect(Live).ToContainTextAsync("is active");
        Assert.EndsWith(" first", await Rack.Get("/"), StringComparison.Ordinal);

        foreach (var width in (int[])[1200, 360])
            foreach (var path in (string[])["/", "/apps/hello/releases", $"/apps/hello/releases/{First}", "/apps/hello/environment",
                "/apps/hello/promotions", "/apps/hello/services"])
            {
                await Page.SetViewportSizeAsync(width, 800);
                await Open(path);
                Assert.NotEmpty(await Tab(until: null));
            }
    }

    /// <summary>Tabs to an element by its name and presses Enter.</summary>
    private async Task Press(string name)
    {
        Assert.Equal(name, (await Tab(name))[^1]);
        var before = Page.Url;
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page).Not.ToHaveURLAsync(before);
        await Page.IsLoaded();
    }

    /// <summary>The names of what the Tab key stops at, until something or the end of the page.</summary>
    private async Task<List<string>> Tab(string? until)
    {
        var names = new List<string>();
        while (names.Count < MostStops)
        {
            await Page.Keyboard.PressAsync("Tab");
            var focus = (await Page.EvaluateAsync(Focus))!.Value;
            if (focus.GetProperty("isPage").GetBoolean()) return names;
            var text = focus.GetProperty("text").GetString();
            Assert.True(focus.GetProperty("isSeen").GetBoolean(), $"The focus cannot be seen on {Page.Url}: {text}");
            var name = (await Page.Locator(":focus").AriaSnapshotAsync()).Split('\n')[0].TrimEnd(':');
            // What opens and closes details has its own text for a name.
            Assert.True(name.Contains('"', StringComparison.Ordinal) || name.StartsWith("- text: ", StringComparison.Ordinal),
                $"It has no name on {Page.Url}: {name}, {text}");
            names.Add(name);
            if (name == until) return names;
        }

        throw new Xunit.Sdk.XunitException($"The Tab key stops at more than {MostStops} places: {string.Join(", ", names)}");
    }
}
