using System.Globalization;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>Ctrl-C while the release is promoted: the tool detaches, and what it started, such as the rack, lives on.</summary>
public sealed class A_publish_that_is_cancelled : IDisposable
{
    private readonly Workspace _workspace;

    public A_publish_that_is_cancelled(PackedPackages packages)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tool that stands in is a shell script.");
        _workspace = new(packages);
        _workspace.AddProject("Front");
        _workspace.Write("tool/dotnet-convox", """
            #!/bin/sh
            [ "$1" = apps ] && exit 0
            sleep 600 </dev/null >/dev/null 2>&1 &
            echo $! >rack
            trap 'echo "Detached. The promotion continues."; exit 130' TERM
            echo >../promoting
            while :; do sleep 0.1; done

            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_workspace.Folder, "tool", "dotnet-convox"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task While_it_promotes_ends_neither_the_promotion_nor_the_rack()
    {
        var publish = _workspace.StartDotnet("publish", "Front", "-c", "Release", "-p:ConvoxPromote=true", "-p:ConvoxToolPath=../tool",
            "-p:ConvoxApp=shop", "-tl:off");
        await Patience.Until(() => File.Exists(Path.Combine(_workspace.Folder, "promoting")) || publish.Ended.IsCompleted);
        var rack = int.Parse(
            await File.ReadAllTextAsync(Path.Combine(_workspace.Folder, "Front", "rack"), TestContext.Current.CancellationToken),
            CultureInfo.InvariantCulture);
        try
        {
            TestRack.Signal(publish.ProcessId, "INT");
            var ended = await publish.Ended;

            Assert.True(ended.ExitCode != 0, ended.All);
            var release = Assert.Single(await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)));
            Assert.Contains(
                $"error CONVOX0045: release {release.Id} was made, and its promotion wasn't followed until it finished (exit code 130): "
                    + "Detached. The promotion continues. Follow it: dotnet convox watch --app shop --rack local",
                ended.All, StringComparison.Ordinal);
            Assert.True(TestRack.Lives(rack));
        }
        finally
        {
            TestRack.Signal(rack, "KILL");
        }
    }
}
