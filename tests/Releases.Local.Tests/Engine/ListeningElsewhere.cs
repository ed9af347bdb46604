using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>An app that pins its address is reported at once, and nothing waits for it.</summary>
public sealed class ListeningElsewhere
{
    /// <summary>An answer may take long on a machine that is busy, the more as time goes fast here.</summary>
    private const string Web = "  web:\n    port: 8080\n    health: { path: /health, timeout: 60 }\n";

    [Fact]
    public async Task An_app_that_pins_its_address_fails_at_the_first_try_and_the_text_says_what_to_change()
    {
        await using var run = await EngineRun.Make(new HastyTime(3));
        var first = await run.Running(Web);
        var pinned = FreePort.Take();
        var next = await run.Begin(Web, new() { ["LISTEN_ON"] = $"{pinned}" });
        var (told, process) = await run.Listening(next);

        var text = $"listens on 127.0.0.1:{pinned}, not on 127.0.0.1:{told} as PORT and ASPNETCORE_URLS tell it to; "
            + "remove its fixed address from app.Run(\"http://…\"), UseUrls, Urls or Kestrel:Endpoints, "
            + "or declare Kestrel__Endpoints__Http__Url=http://127.0.0.1:${PORT} in convox.yml";
        await Patience.Until(async () =>
            (await run.Observe(next)) is { State: ObservedState.Starting or ObservedState.Failed, Reason: var reason } && reason == text);
        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Failed);
        Assert.Equal(text, (await run.Observe(next)).Reason);
        Assert.DoesNotContain(run.World.Processes, p => p.Release == next.Release && p.ProcessId != process);
        Assert.Equal(first.Id, await run.Serves());
    }

    [Theory]
    [InlineData("URLS", "http://127.0.0.1:${PORT}")]
    [InlineData("urls", "http://*:${PORT}")]
    [InlineData("DOTNET_URLS", "http://127.0.0.1:${PORT}")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://127.0.0.1:${PORT}")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://127.0.0.1:${PORT}", "LISTEN_ON")]
    [InlineData("ASPNETCORE_Kestrel__Endpoints__Public__Url", "http://127.0.0.1:${PORT}")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:5123")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "5123")]
    [InlineData("HTTP_PORTS", "${PORT}")]
    [InlineData("HTTPS_PORTS", "5123")]
    public async Task An_app_that_is_told_the_port_of_the_rack_or_nothing_that_counts_serves(string key, string value, string? pins = null)
    {
        await using var run = await EngineRun.Make();
        var release = await run.Running($"{Web}    environment:\n      - {key}={value}\n", Listens(pins));
        Assert.Equal(release.Id, await run.Serves());
    }

    [Theory]
    [InlineData("URLS")]
    [InlineData("DOTNET_URLS")]
    [InlineData("Kestrel__Endpoints__Http__Url")]
    public async Task An_app_that_is_told_another_port_listens_there(string key)
    {
        await using var run = await EngineRun.Make();
        var pinned = FreePort.Take();
        var next = await run.Begin($"{Web}    environment:\n      - {key}=http://127.0.0.1:{pinned}\n", Listens(null));
        await Patience.Until(async () =>
            (await run.Observe(next)).Reason?.StartsWith($"listens on 127.0.0.1:{pinned}, not on", StringComparison.Ordinal) == true);
    }

    private static Dictionary<string, string> Listens(string? pins) =>
        pins is null ? new() { ["KESTREL"] = "1" } : new() { [pins] = $"{FreePort.Take()}" };

    [Fact]
    public async Task An_app_that_is_not_ready_elsewhere_may_yet_come_to_listen_where_it_was_told()
    {
        // Slower than the machine, on which two processes start within the time that one has.
        await using var run = await EngineRun.Make(new HastyTime(0.5));
        var go = run.File("go");
        // The child stands for what an app opens first, such as its metrics; it fails the service's check.
        var next = await run.Begin(
            $"{Web}    command: \"HEALTH=503 LISTEN_ON={FreePort.Take()} dotnet SampleApp.dll & LISTEN_WHEN={go} exec dotnet SampleApp.dll\"\n", []);
        await Patience.Until(async () =>
            (await run.Observe(next)).Reason?.StartsWith("listens on 127.0.0.1:", StringComparison.Ordinal) == true);
        // More than a pinned address would be given.
        await Task.Delay(TimeSpan.FromSeconds(12), run.Time);
        await File.WriteAllTextAsync(go, "");
        await run.Complete(next);
    }
}
