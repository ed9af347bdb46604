using System.Diagnostics;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>What starts a daemon and what one finds to do, with the real tool.</summary>
public sealed class RealDaemonTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Tool("rack", "stop");
        _home.Dispose();
    }

    [Fact]
    public async Task No_daemon_is_started_by_looking_also_after_one_was_killed_and_a_start_brings_it_back()
    {
        await using (var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System)) await rack.Store.Release(cancel: Cancel);
        foreach (var killed in (bool[])[false, true])
        {
            if (killed)
            {
                Assert.Equal(0, await Tool("rack", "start"));
                var daemon = Daemon();
                _ = NativeProcess.kill(daemon!.Value, NativeProcess.SIGKILL);
                await Eventually.True(() => ProcessTable.Find(daemon.Value) is null or { IsDead: true });
                Assert.True(File.Exists(_home.Home.DaemonState));
            }

            foreach (var words in (string[])["apps", "apps info hello", "builds", "env", "events", "logs", "promotions", "ps", "rack",
                "releases", "releases info v1", "scale", "services"])
            {
                Assert.Equal(0, await Tool([.. words.Split(' '),
                    .. words.StartsWith("apps", StringComparison.Ordinal) || words == "rack" ? Array.Empty<string>() : ["-a", "hello"]]));
                Assert.Null(Daemon());
            }
        }

        Assert.Equal(0, await Tool("rack", "start"));
        Assert.NotNull(Daemon());
    }

    [Fact]
    public async Task A_promotion_whose_command_was_killed_before_it_asked_the_daemon_is_driven()
    {
        await using var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System);
        var release = await rack.Store.Release(cancel: Cancel);
        Assert.Equal(0, await Tool("rack", "start"));
        var begun = A.Promotion(release);
        await rack.Store.BeginPromotion(begun, "a command", A.Event(EventKind.PromotionStarted, release.Id, begun.Id), Cancel);
        await Eventually.True(async () => (await rack.Store.FindPromotion(release.App, begun.Id, Cancel))!.Ended);
    }

    /// <summary>The daemon of the home that lives, by the system.</summary>
    private int? Daemon() => ProcessTable.All()
        .Where(p => !p.IsDead && Arguments(p.Id) is { } words && words.Contains("__daemon") && words.Contains(_home.Home.Folder))
        .Select(p => (int?)p.Id).FirstOrDefault();

    private static string[]? Arguments(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<int> Tool(params string[] words)
    {
        var start = new ProcessStartInfo(BuiltTool.Command.Program, [.. BuiltTool.Command.Arguments, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.Home.Folder,
        };
        start.Environment["CONVOX_HOME"] = _home.Home.Folder;
        using var tool = Process.Start(start)!;
        var output = Task.WhenAll(tool.StandardOutput.ReadToEndAsync(Cancel), tool.StandardError.ReadToEndAsync(Cancel));
        await tool.WaitForExitAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', words) + "\n" + string.Concat(await output));
        return tool.ExitCode;
    }
}
