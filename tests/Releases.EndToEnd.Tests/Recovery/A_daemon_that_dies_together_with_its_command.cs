using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>The next command finishes what both left.</summary>
public sealed class A_daemon_that_dies_together_with_its_command(StoppedRack stopped) : CrashMatrix(stopped)
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
        var command = Rack.Start("promote", Stopped.Next.ToString());
        await Rack.Until(() => Task.FromResult(command.Ended.IsCompleted || !TestRack.Lives(daemon)), "the daemon dies");
        if (!command.Ended.IsCompleted) TestRack.Signal(command.ProcessId, "KILL");
        await command.Ended;

        await Rack.Run("rack", "start");
        await Rack.Until(async () => (await Rack.LastPromotion()).Ended, "the promotion ends");
        var last = await Rack.LastPromotion();
        return last.Status == PromotionStatus.Succeeded ? last.Release : Stopped.Good;
    }
}
