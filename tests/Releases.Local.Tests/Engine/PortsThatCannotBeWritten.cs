using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>A home whose <c>ports.json</c> can't be written is an obstacle that the check finds, so it keeps no promotion open.</summary>
public sealed class PortsThatCannotBeWritten
{
    [Fact]
    public async Task A_service_that_needs_a_port_is_refused_with_the_disks_sentence()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await LocalEngineWorld.Make();
        var rollout = await world.Release(RolloutOutcome.Succeeds, "web");
        var home = world.Home.Folder;
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && SmallDisk.Bind(home, home), "Only root can mount a folder.");
        try
        {
            Assert.True(SmallDisk.MakePlaceReadOnly(home));
            var found = Assert.Single(await world.Engine.Check(rollout, cancel));
            Assert.Equal((ProblemCode.HomeNotWritable, $"'{world.Home.Ports}' is on a read-only file system."), (found.Code, found.Message));
        }
        finally
        {
            SmallDisk.Unbind(home);
        }

        Assert.Empty(await world.Engine.Check(rollout, cancel));
    }
}
