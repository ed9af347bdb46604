using Xunit;

namespace Releases.EndToEnd.Tests.Promoting;

[Collection("racks")]
public sealed class An_app_that_is_scaled : IAsyncLifetime
{
    private readonly TestRack _rack = new();

    public async ValueTask InitializeAsync()
    {
        await _rack.Publish("services:\n  web:\n    port: 8080\n    health: /health\n    scale: 1\n", "web");
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Has_as_many_processes_at_once_and_through_promotions_and_a_crash_of_its_daemon()
    {
        await _rack.Do("scale", "web", "3");
        await Healthy(3);

        await _rack.Set("GREETING=next");
        await _rack.Do("promote");
        await Healthy(3);
        TestRack.Signal(await _rack.DaemonProcess(), "KILL");
        await _rack.Do("rack", "start");
        await Healthy(3);

        await _rack.Do("scale", "web", "0");
        await _rack.Until(() => Task.FromResult(_rack.LivingProcesses().Count == 0), "nothing runs");
        await Is_not_said_to_be_verified();
        await _rack.Do("scale", "web", "--reset");
        await Healthy(1);
    }

    private async Task Is_not_said_to_be_verified()
    {
        var (active, next) = (await _rack.Active(), await _rack.Set("GREETING=unseen"));
        Assert.Contains("It would be refused: every service of hello would have 0 processes",
            (await _rack.Run("promote", "--dry-run")).Error, StringComparison.Ordinal);
        var refused = await _rack.Run("promote");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains($"error CONVOX0031: every service of hello would have 0 processes, so none could verify v", refused.Error,
            StringComparison.Ordinal);
        Assert.Equal(active, await _rack.Active());

        var meant = await _rack.Run("promote", "--allow-empty");
        Assert.Equal(0, meant.ExitCode);
        Assert.EndsWith($" ({next}) is active", meant.Out.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("web: complete: 0 processes, not verified\n", meant.Error, StringComparison.Ordinal);
        Assert.Equal("0 processes, not verified", (await _rack.LastPromotion()).Services[0].Reason);
    }

    [Fact]
    public async Task Is_restarted_gracefully_as_it_is()
    {
        var (active, before) = (await _rack.Active(), _rack.LivingProcesses());
        await _rack.Do("restart");
        Assert.Equal(active, await _rack.Active());
        Assert.NotEqual(before, Assert.Single([_rack.LivingProcesses()]));
    }

    private Task Healthy(int count) => _rack.Until(
        async () => (await _rack.Json("services"))[0] is var web && web.GetProperty("healthy").GetInt32() == count
            && _rack.LivingProcesses().Count == count,
        $"{count} are healthy");
}
