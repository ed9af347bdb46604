using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What becomes of a release that can't be restored when the daemon starts, with the real tool.</summary>
public sealed class RestoredReleasesTests : IAsyncDisposable
{
    private readonly RealRack _real = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _real.DisposeAsync();

    [Fact]
    public async Task It_is_restored_once_the_key_of_the_vault_is_back()
    {
        await using var rack = _real.Open();
        Assert.Equal(0, (await _real.Tool("rack", "start")).Code);
        var release = await _real.Release(rack);
        var environment = await _real.Tool("env", "set", "GREETING=hello", "--app", $"{A.App}", "--promote");
        Assert.True(environment.Code == 0 || (await _real.Tool("promote", $"{release.Id}", "--app", $"{A.App}")).Code == 0);
        var active = (await rack.Store.FindApp(A.App, Cancel))!.Active!.Value;
        var (key, away) = (_real.Home.VaultKey, _real.Home.VaultKey + ".away");
        Assert.True(File.Exists(key));
        File.Move(key, away);

        var (code, shown) = await _real.Tool("rack", "restart");

        Assert.Equal(1, code);
        Assert.Contains($"dotnet convox releases verify --app hello {active}", shown, StringComparison.Ordinal);
        Assert.Contains("Restart it: dotnet convox restart --app hello", shown, StringComparison.Ordinal);
        var log = await File.ReadAllTextAsync(_real.Home.DaemonLog, Cancel);
        Assert.Contains($"hello: {active} can't be restored, so none of its services is running.", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Running services aren't affected", log, StringComparison.Ordinal);
        File.Move(away, key);
        await Patience.Until(async () =>
            (await rack.Running.Processes(A.App, Cancel)).Any(p => p.Release == active && p.Status == ProcessStatus.Healthy));
        log = await File.ReadAllTextAsync(_real.Home.DaemonLog, Cancel);
        Assert.Equal(2, log.Split("can't be restored").Length);
        Assert.Contains($"hello: {active} is restored after all", log, StringComparison.Ordinal);
        Assert.Equal(0, (await _real.Tool("rack", "stop")).Code);
    }
}
