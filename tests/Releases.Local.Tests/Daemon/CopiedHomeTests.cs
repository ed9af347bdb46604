using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>A home whose daemon died somewhere else, as a cloned repository may bring one, with the real tool.</summary>
public sealed class CopiedHomeTests : IAsyncLifetime
{
    private readonly RealRack _real = new();
    private readonly RealRack _copied = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using (var rack = _real.Open())
        {
            var release = await rack.Store.Release(cancel: Cancel);
            Assert.Equal(0, (await _real.Tool("rack", "start")).Code);
            var daemon = LockHolder.Find(_real.Home)!.ProcessId;
            _ = NativeProcess.kill(daemon, NativeProcess.SIGKILL);
            await Patience.Until(() => ProcessTable.Find(daemon) is null or { IsDead: true });
            var open = A.Promotion(release);
            await rack.Store.BeginPromotion(open, "a daemon", A.Event(EventKind.PromotionStarted, release.Id, open.Id), Cancel);
        }

        using var copy = Process.Start("cp", ["-a", $"{_real.Home.Folder}/.", _copied.Home.Folder]);
        await copy.WaitForExitAsync(Cancel);
        // A start that is only requested makes this folder before the command ends.
        Directory.Delete(_copied.Home.Tools, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _real.DisposeAsync();
        await _copied.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_in_it_is_started_before_its_rack_is(bool isOfAnEarlierVersion)
    {
        if (isOfAnEarlierVersion) File.Delete(_copied.Home.Identity);
        foreach (var command in (string[])["apps lock --reason busy", "watch", "cancel", "scale web 2", "promote", "apps create other"])
        {
            var (_, shown) = await _copied.Tool([.. command.Split(' '), .. command.Contains("other") ? [] : (string[])["-a", "hello"]]);
            Assert.False(Directory.Exists(_copied.Home.Tools), command);
            Assert.Contains(
                $"note: the rack in {_copied.Home.Folder} isn't running. It was copied here, or an earlier version ran it, so nothing of "
                    + "it is restarted by itself. If you trust its releases, start it: dotnet convox rack start", shown, StringComparison.Ordinal);
            if (command == "watch") Assert.Contains("continues when it starts. Start it: dotnet convox rack start", shown,
                StringComparison.Ordinal);
            if (command == "cancel") Assert.Contains($"is recorded, but its driver can't be reached: the rack in {_copied.Home.Folder} isn't "
                + "running.", shown, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await _copied.Tool("rack", "start")).Code);
        Assert.NotNull(LockHolder.Find(_copied.Home));
    }

    [Fact]
    public async Task A_stopped_one_drives_no_promotion_either_and_stopping_it_is_remembered()
    {
        Assert.Equal(0, (await _copied.Tool("rack", "stop")).Code);
        Assert.False(File.Exists(_copied.Home.DaemonState));

        var (code, shown) = await _copied.Tool("cancel", "-a", "hello");

        Assert.NotEqual(0, code);
        Assert.DoesNotContain("note:", shown, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_copied.Home.Tools));
    }

    [Fact]
    public async Task In_its_own_folder_also_under_another_name_the_next_command_restarts_it()
    {
        var link = _real.Home.Folder + "-link";
        Directory.CreateSymbolicLink(link, _real.Home.Folder);
        Assert.True(new HomeIdentity(new(link)).IsKnown());
        Assert.Equal(0, (await _real.Tool("apps", "create", "other")).Code);
        await Patience.Until(() => LockHolder.Find(_real.Home) is not null);
    }
}
