using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>Another daemon takes the rollback over, and the good release stays active.</summary>
public sealed class A_daemon_that_dies_while_a_promotion_fails(StoppedRack stopped) : CrashMatrix(stopped)
{
    private const int Last = 52;

    public static TheoryData<int> Moments { get; } = Through(Last);

    [Theory]
    [MemberData(nameof(Moments))]
    public Task Leaves_one_consistent_state(int moment) => IsConsistentAfter(moment);

    [Fact]
    public Task Has_no_moment_that_is_not_tried() => IsOverBefore(Last + 1);

    private protected override async Task<ReleaseId> Promote(int daemon)
    {
        var run = await Rack.Run("promote", Stopped.Bad.ToString());
        Assert.True(run.ExitCode == 3, $"{run.ExitCode} {run.All}\n{Rack.DaemonLog()}");
        return Stopped.Good;
    }
}
