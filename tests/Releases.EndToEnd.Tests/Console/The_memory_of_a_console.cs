using System.Globalization;
using System.Net;
using System.Text.Json;
using Xunit;

namespace Releases.EndToEnd.Tests.Console;

/// <summary>A console that is left open for weeks: the kernel counts no more memory for it after ten times as many pages.</summary>
[Collection("racks")]
public sealed class The_memory_of_a_console : IAsyncLifetime
{
    /// <summary>Enough for every path to be compiled and every buffer to be there.</summary>
    private const int Rounds = 15;

    /// <summary>In KB: what the runtime compiles again while it learns is a third of it; 13 KB left behind by each page are more.</summary>
    private const long MostGrowth = 12 * 1024;

    private readonly TestRack _rack = new();
    private RunningTool? _console;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            TestRack.Signal(_console.ProcessId, "INT");
            await _console.Ended;
        }

        await _rack.DisposeAsync();
    }

    [Fact]
    public async Task Does_not_grow_with_the_pages_that_it_showed()
    {
        await _rack.Do("apps", "create", "hello");
        await _rack.Set("GREETING=hello");
        _console = _rack.Start("console", "--no-open", "--json");
        await _rack.Until(
            () => Task.FromResult(_console.Output.ToString().Contains('\n', StringComparison.Ordinal)), "the console prints its address");
        var url = new Uri(JsonDocument.Parse(_console.Output.ToString()).RootElement.GetProperty("url").GetString()!);
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new(), AllowAutoRedirect = false }) { BaseAddress = url };
        await Get(browser, url.PathAndQuery, HttpStatusCode.OK);

        for (var i = 0; i < Rounds; i++) await Round(browser, i);
        var before = Resident();
        for (var i = Rounds; i < 10 * Rounds; i++) await Round(browser, i);
        var grown = Resident() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{before} KB and {grown} KB more");
        Assert.InRange(grown, long.MinValue, MostGrowth);
    }

    /// <summary>One of each kind of page, with what no other round asks for.</summary>
    private static async Task Round(HttpClient browser, int round)
    {
        foreach (var path in new[] { "/", "/apps/hello/releases", $"/apps/hello/releases?q=nothing{round}", "/apps/hello/releases/v1",
            "/apps/hello/environment?key=GREETING", "/apps/hello/events" })
            await Get(browser, path, HttpStatusCode.OK);
        await Get(browser, $"/apps/hello/releases/v{1000 + round}", HttpStatusCode.NotFound);
    }

    private static async Task Get(HttpClient browser, string path, HttpStatusCode expected)
    {
        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    /// <summary>In KB.</summary>
    private long Resident() => long.Parse(File.ReadLines($"/proc/{_console!.ProcessId}/status")
        .Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
