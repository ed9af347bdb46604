using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>The command starts another daemon, which takes the promotion over, and it succeeds.</summary>
public sealed class A_daemon_that_dies_under_a_command_that_waits(StoppedRack stopped) : CrashMatrix(stopped)
{
    private const int Last = 34;

    public static TheoryData<int> Moments { get; } = Through(Last);

    [Theory]
    [MemberData(nameof(Moments))]
    public Task Leaves_one_consistent_state(int moment) => IsConsistentAfter(moment);

    [Fact]
    public Task Has_no_moment_that_is_not_tried() => IsOverBefore(Last + 1);

    private protected override async Task<ReleaseId> Promote(int daemon)
    {
        var run = await Rack.Run("promote", Stopped.Next.ToString());
        Assert.True(run.ExitCode == 0, $"{run.ExitCode} {run.All}\n{Rack.DaemonLog()}");
        return Stopped.Next;
    }
}
