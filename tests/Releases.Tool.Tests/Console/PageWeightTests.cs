using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A page comes at once over a slow line, and what a browser has already doesn't come again.</summary>
public sealed class PageWeightTests : Browsing
{
    private const int Most = 60 * 1024;

    private static readonly string[] Assets = ["/assets/console.css", "/assets/console.js", "/assets/icon.svg"];

    [Fact]
    public async Task Every_page_with_all_that_it_loads_is_at_most_60_KB_and_comes_compressed()
    {
        var shop = await Shop.Open(Rack, Clock.GetUtcNow(), Ending);
        var variables = Enumerable.Range(0, 900).Select(i => KeyValuePair.Create($"A_VARIABLE_OF_A_FRAMEWORK__SECTION__{i:D4}", $"{i}"));
        await new EnvironmentRelease(Rack, Clock).Create(new(A.App, new([.. variables], []), null, A.Person), Ending);
        for (var i = 0; i < 300; i++)
        {
            var text = $"\e[32minfo\e[0m: Shop.Orders[{i}] order {i * 7919} of {Guid.NewGuid()} was sent";
            Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, $"web-{i % 40:x4}", shop.Active.Id, text));
        }

        var log = string.Concat(Enumerable.Range(0, 2000).Select(i => $"\e[33mwarning\e[0m CS{i:D4}: {Guid.NewGuid()}\n"));
        await Rack.Store.AppendBuildLog(A.App, shop.Build.Id, 1, log, Ending);
        using var browser = NewBrowser();
        var assets = 0;
        foreach (var asset in Assets) assets += (await Fetch(browser, asset)).Bytes;
        foreach (var path in new[]
        {
            "/", "/apps/hello/releases", "/apps/hello/releases?kind=build", $"/apps/hello/releases/{shop.Newer.Id}",
            $"/apps/hello/releases/{shop.Newer.Id}/promote", "/apps/hello/releases/v24/rollback", "/apps/hello/compare?from=v1&to=v34",
            "/apps/hello/promotions", $"/apps/hello/promotions/{shop.Failed.Id}", "/apps/hello/builds",
            $"/apps/hello/builds/{shop.Build.Id}", "/apps/hello/environment", "/apps/hello/services", "/apps/hello/hooks",
            "/apps/hello/logs", "/apps/hello/events",
        })
        {
            var (bytes, isCompressed) = await Fetch(browser, path);
            Assert.True(isCompressed, path);
            Assert.True(bytes + assets <= Most, $"{path} has {bytes} bytes and {assets} of assets");
        }
    }

    [Fact]
    public async Task What_a_page_loads_is_asked_for_again_with_its_tag_and_not_sent_again()
    {
        using var browser = NewBrowser();
        foreach (var asset in Assets)
        {
            using var first = await browser.GetAsync(new Uri(Address, asset), Ending);
            using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, asset));
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var unchanged = await browser.SendAsync(again, Ending);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
            Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync(Ending));
        }
    }

    private async Task<(int Bytes, bool IsCompressed)> Fetch(HttpClient browser, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.AcceptEncoding.Add(new("gzip"));
        using var answer = await browser.SendAsync(request, Ending);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        return ((await answer.Content.ReadAsByteArrayAsync(Ending)).Length, answer.Content.Headers.ContentEncoding.Contains("gzip"));
    }
}
