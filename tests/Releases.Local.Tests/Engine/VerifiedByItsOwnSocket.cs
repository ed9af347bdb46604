using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>A process is healthy by an answer of its own socket, and by no other's, from the moment that its port is lent.</summary>
public sealed class VerifiedByItsOwnSocket
{
    private const string Web = "  web:\n    port: 8080\n    health: /health\n";

    [Fact]
    public async Task A_stranger_on_the_port_is_named_and_another_port_is_tried()
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var go = run.File("go");
        var next = await run.Begin(Web, new() { ["LISTEN_WHEN"] = go });
        var (told, process) = await run.Listening(next);
        using var stranger = Stranger.TryTake(told);
        Assert.NotNull(stranger);

        await Patience.Until(async () => (await run.Observe(next)).Reason is { } reason
            && reason.StartsWith($"didn't get port {told}, which another program (", StringComparison.Ordinal)
            && reason.Contains(Stranger.Words, StringComparison.Ordinal));
        var (another, _) = await run.Listening(next, except: process);
        Assert.NotEqual(told, another);
        Assert.Equal(first.Id, await run.Serves());

        await File.WriteAllTextAsync(go, "");
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(400)]
    public async Task Whenever_a_stranger_takes_the_port_the_answer_that_counts_is_the_processs_own(int milliseconds)
    {
        await using var run = await EngineRun.Make();
        await run.Running(Web);
        var next = await run.Begin(Web, []);
        var strangers = new List<Stranger>();
        var seen = new HashSet<int>();
        await Patience.Until(async () =>
        {
            foreach (var process in run.World.Processes.Where(p =>
                p.Release == next.Release && p.ProcessId is { } id && !seen.Contains(id)))
            {
                if (LocalEngineWorld.PortOf(process) is not { } port) continue;
                seen.Add(process.ProcessId!.Value);
                await Task.Delay(milliseconds);
                // It stops in the end, as the rack doesn't try forever either.
                if (strangers.Count < 4 && Stranger.TryTake(port) is { } took) strangers.Add(took);
            }

            return (await run.Observe(next)).State == ObservedState.Healthy;
        });

        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
        foreach (var stranger in strangers) stranger.Dispose();
    }

    [Fact]
    public async Task A_stranger_that_takes_every_port_fails_the_promotion_in_the_end_and_is_named()
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var next = await run.Begin(Web, new() { ["LISTEN_WHEN"] = run.File("never") });
        var strangers = new List<Stranger>();
        var taken = new HashSet<int>();
        await Patience.Until(async () =>
        {
            foreach (var process in run.World.Processes.Where(p => p.Release == next.Release))
                if (LocalEngineWorld.PortOf(process) is { } port && taken.Add(port) && Stranger.TryTake(port) is { } took)
                    strangers.Add(took);
            return (await run.Observe(next)).State == ObservedState.Failed;
        });

        Assert.Contains(Stranger.Words, (await run.Observe(next)).Reason, StringComparison.Ordinal);
        Assert.Equal(first.Id, await run.Serves());
        foreach (var stranger in strangers) stranger.Dispose();
    }

    [Theory]
    [InlineData("a child", "dotnet SampleApp.dll & wait")]
    [InlineData("a child in a session of its own", "setsid dotnet SampleApp.dll & wait")]
    [InlineData("a child of a child", "sh -c 'dotnet SampleApp.dll & wait' & wait")]
    public async Task What_a_process_started_listens_for_it(string who, string command)
    {
        await using var run = await EngineRun.Make();
        var next = await run.Begin($"{Web}    command: \"{command}\"\n", []);
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
        Assert.NotEmpty(who);
    }

    [Theory]
    [InlineData("[::]")]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    public async Task A_listener_on_every_address_is_the_processs_own(string host)
    {
        await using var run = await EngineRun.Make();
        var next = await run.Begin(Web, new() { ["LISTEN_AT"] = host });
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
    }

    [Fact]
    public async Task A_listener_on_IPv6_alone_is_reported_with_what_was_told()
    {
        await using var run = await EngineRun.Make();
        var next = await run.Begin(Web, new() { ["LISTEN_AT"] = "[::1]" });
        var (told, _) = await run.Listening(next);
        await Patience.Until(async () => (await run.Observe(next)).Reason is { } reason
            && reason.StartsWith($"listens on [::1]:{told}, not on 127.0.0.1:{told} as PORT and ASPNETCORE_URLS tell it to; ",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_that_is_shared_with_a_stranger_verifies_nobody()
    {
        await using var run = await EngineRun.Make();
        await run.Running(Web);
        var go = run.File("go");
        var next = await run.Begin(Web, new() { ["SHARE_PORT"] = "1", ["HEALTHY_WHEN"] = go });
        var (told, process) = await run.Listening(next);
        Stranger? stranger = null;
        // The program listens first, so that the stranger has to share with it.
        await Patience.Until(() =>
            Task.FromResult(ListeningSockets.OwnedBy(process).Count > 0 && (stranger = Stranger.TryTake(told, shared: true)) is not null));
        await File.WriteAllTextAsync(go, "");

        await run.Listening(next, except: process);
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
        stranger!.Dispose();
    }

    [Fact]
    public async Task A_stranger_on_another_address_of_the_port_does_not_matter()
    {
        await using var run = await EngineRun.Make();
        var go = run.File("go");
        var next = await run.Begin(Web, new() { ["LISTEN_WHEN"] = go });
        var (told, _) = await run.Listening(next);
        using var stranger = Stranger.TryTake(told, IPAddress.IPv6Loopback);
        await File.WriteAllTextAsync(go, "");
        await run.Complete(next);
        Assert.Equal(told, LocalEngineWorld.PortOf(Assert.Single(run.World.Processes)));
    }
}
