using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>A copy of a home whose rack is running, with the real tool.</summary>
public sealed class CopiedWhileRunningTests : IAsyncLifetime
{
    private readonly RealRack _real = new();
    private readonly RealRack _copied = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _copied.DisposeAsync();
        await _real.DisposeAsync();
    }

    [Fact]
    public async Task Starting_the_copy_leaves_the_services_of_the_first_rack_running()
    {
        await using (var rack = _real.Open())
        {
            var release = await _real.Release(rack);
            Assert.Equal(0, (await _real.Tool("promote", $"{release.Id}", "--app", $"{A.App}")).Code);
        }

        var running = Assert.Single(new ProcessRecords(_real.Home).All());
        using var copy = Process.Start("cp", ["-a", $"{_real.Home.Folder}/.", _copied.Home.Folder]);
        await copy.WaitForExitAsync(Cancel);
        Assert.Equal(running, Assert.Single(new ProcessRecords(_copied.Home).All()));

        await _copied.Tool("rack", "start");

        Assert.NotNull(LockHolder.Find(_copied.Home));
        Assert.Equal(running.StartedAt, ProcessTable.Find(running.ProcessId)?.StartedAt);
        Assert.Equal(running, Assert.Single(new ProcessRecords(_real.Home).All()));
        Assert.DoesNotContain(running, new ProcessRecords(_copied.Home).All());
    }
}
