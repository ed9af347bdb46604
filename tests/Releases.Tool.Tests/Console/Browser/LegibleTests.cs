using Microsoft.Playwright;
using Releases.Testing.Browser;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>The measurements of pages find what they look for, and nothing where there is nothing.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LegibleTests(Chromium chromium)
{
    [Theory]
    [InlineData("<div style='width: 30px; overflow-wrap: anywhere'><button style='all: unset'>Promote</button></div>", 1)]
    [InlineData("<div style='width: 300px; overflow-wrap: anywhere'><button style='all: unset'>Promote</button></div>", 0)]
    [InlineData("<div style='width: 80px'>Promote v12 of the shop</div>", 0)]
    public async Task A_word_that_is_broken_in_two(string html, int found) =>
        Assert.Equal(found, (await Legible.BrokenWords(await Shows(html))).Count);

    [Theory]
    [InlineData("<div class='scroll' style='width: 200px; overflow: auto'><div style='width: 400px'>a table</div></div>", 1)]
    [InlineData("<div class='scroll' style='width: 200px; overflow: auto'><div style='width: 100px'>a table</div></div>", 0)]
    public async Task A_table_that_is_cut(string html, int found) => Assert.Equal(found, (await Legible.Cut(await Shows(html))).Count);

    [Theory]
    [InlineData("<nav aria-label='Pages'> </nav>", 1)]
    [InlineData("<nav aria-label='Pages' hidden> </nav><nav><a href='#'>Older</a></nav>", 0)]
    public async Task An_empty_landmark(string html, int found) =>
        Assert.Equal(found, (await Legible.EmptyLandmarks(await Shows(html))).Count);

    [Theory]
    [InlineData("<button style='margin-left: -30px'>Promote</button>", 1)]
    [InlineData("<button>Promote</button>", 0)]
    public async Task A_button_outside_of_the_window(string html, int found) =>
        Assert.Equal(found, (await Legible.Outside(await Shows($"<main>{html}</main>"))).Count);

    private async Task<IPage> Shows(string html)
    {
        var page = await (await chromium.Person()).NewPageAsync();
        await page.SetContentAsync(html);
        return page;
    }
}
