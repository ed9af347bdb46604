using Xunit;

namespace Releases.EndToEnd.Tests.BadInput;

[Collection("racks")]
public sealed class A_home_that_is_taken_away : IAsyncLifetime
{
    private readonly TestRack _rack = new();
    private ReleaseId _active;

    public async ValueTask InitializeAsync()
    {
        _active = (await _rack.Publish("services:\n  web:\n    port: 8080\n    health: /health\n", "web")).Id;
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Ends_its_daemon_and_its_processes()
    {
        var (daemon, web) = (await _rack.DaemonProcess(), (await _rack.Processes("web"))[0]);
        Folders.Delete(_rack.Home);
        await _rack.Until(() => Task.FromResult(!TestRack.Lives(daemon) && !TestRack.Lives(web)), "daemon and process end");
        Assert.Equal("[]", (await _rack.Do("apps", "--json")).Trim());
    }

    [Fact]
    public async Task Ends_its_daemon_also_when_what_it_wrote_last_is_still_there()
    {
        var daemon = await _rack.DaemonProcess();
        foreach (var folder in Directory.EnumerateDirectories(_rack.Home)) Folders.Delete(folder);
        foreach (var file in Directory.EnumerateFiles(_rack.Home).Where(f => Path.GetFileName(f) != "daemon.json")) File.Delete(file);
        await _rack.Until(() => Task.FromResult(!TestRack.Lives(daemon)), "the daemon ends");
    }

    [Fact]
    public async Task Runs_again_where_it_was_moved_to()
    {
        var daemon = await _rack.DaemonProcess();
        var elsewhere = _rack.Home + "-moved";
        Directory.Move(_rack.Home, elsewhere);
        await _rack.Until(() => Task.FromResult(!TestRack.Lives(daemon)), "the daemon ends");

        _rack.Variables["CONVOX_RACK"] = $"local:{elsewhere}";
        Assert.Equal(1, (await _rack.Json("apps")).GetArrayLength());
        Assert.Equal("stopped", (await _rack.Json("rack")).GetProperty("status").GetString());
        await _rack.Do("rack", "start");
        await _rack.Until(async () => (await _rack.Json("services"))[0].GetProperty("healthy").GetInt32() == 1, "the service is back");
        Assert.StartsWith(_active.ToString(), await _rack.Get("/"), StringComparison.Ordinal);
        await _rack.Do("rack", "stop");
        _rack.Variables.Remove("CONVOX_RACK");
        Directory.Move(elsewhere, _rack.Home);
    }
}
