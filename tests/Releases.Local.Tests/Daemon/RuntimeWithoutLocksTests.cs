using Releases.Local.Tests.Processes;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>Commands of a shell that turns the file locks of .NET off, as it has to for some network file systems.</summary>
public sealed class RuntimeWithoutLocksTests : IAsyncDisposable
{
    private readonly RealRack _real = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _real.DisposeAsync();

    [Fact]
    public async Task They_start_no_second_daemon_and_the_services_keep_running()
    {
        await using (var rack = _real.Open())
        {
            var release = await _real.Release(rack);
            Assert.Equal(0, (await _real.Tool("promote", $"{release.Id}", "--app", $"{A.App}")).Code);
        }

        var daemon = LockHolder.Find(_real.Home)!.ProcessId;
        var service = Assert.Single(new ProcessRecords(_real.Home).All());
        foreach (var words in (string[][])[["apps", "create", "other"], ["rack", "start"]])
        {
            using var tool = StartedTool.Start("/", new Dictionary<string, string>
            {
                ["CONVOX_HOME"] = _real.Home.Folder,
                ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1",
            }, words);
            await new StreamReader(tool.Output).ReadToEndAsync(Cancel);
            Assert.Equal(0, (await tool.End(Cancel)).Code);
        }

        Assert.Equal(daemon, LockHolder.Find(_real.Home)?.ProcessId);
        Assert.Equal(service, Assert.Single(new ProcessRecords(_real.Home).All()));
        Assert.Equal(service.StartedAt, ProcessTable.Find(service.ProcessId)?.StartedAt);
    }
}
