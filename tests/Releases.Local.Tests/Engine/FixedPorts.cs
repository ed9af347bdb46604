using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>A program with a port of its own choice can't run beside itself, which its failure says; as a singleton it is replaced.</summary>
public sealed class FixedPorts
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_port_that_the_old_process_has_is_explained()
    {
        await using var run = await EngineRun.Make();
        var web = Web(FreePort.Take(), "");
        var first = await run.Running(web);
        var next = await run.Begin(web, []);

        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Failed);
        var seen = await run.Observe(next);
        Assert.Contains(seen.LastLines, l => l.Contains("Address already in use", StringComparison.OrdinalIgnoreCase));
        Assert.EndsWith(" (3 times)", seen.Reason, StringComparison.Ordinal);
        Assert.EndsWith("'singleton: true' and a 'scale' of 1 in convox.yml, so that only one runs at a time", seen.Hint, StringComparison.Ordinal);
        Assert.Equal(first.Id, await run.Serves());
    }

    [Fact]
    public async Task A_port_of_another_program_is_not()
    {
        await using var run = await EngineRun.Make();
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var next = await run.Begin(Web(((System.Net.IPEndPoint)other.LocalEndpoint).Port, ""), []);

        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Failed);
        Assert.Null((await run.Observe(next)).Hint);
    }

    [Fact]
    public async Task A_singleton_is_replaced_and_comes_back()
    {
        await using var run = await EngineRun.Make();
        var port = FreePort.Take();
        var first = await run.Running(Web(port, ""));
        var second = await run.Running(Web(port, "    singleton: true\n"));
        Assert.NotEqual(first.Id, second.Id);

        var bad = await run.Begin(Web(port, "    singleton: true\n"), new() { ["CRASH_AT_START"] = "1" });
        await Patience.Until(async () => (await run.Observe(bad)).State == ObservedState.Failed);
        await run.World.Engine.Undo(bad.Service, Cancel);
        await Patience.Until(async () =>
            (await run.World.Engine.ObserveUndo([bad.Service], Cancel))[bad.Service.Name].State == ObservedState.Complete);
        Assert.Equal(second.Id, await run.Serves());
    }

    private static string Web(int port, string more) =>
        $"  web:\n    port: 8080\n    health: /health\n{more}    environment:\n      - KESTREL=1\n"
            + "      - Kestrel__Endpoints__Http__Url=http://127.0.0.1:${PORT}\n"
            + $"      - Kestrel__Endpoints__Metrics__Url=http://127.0.0.1:{port}\n";
}
