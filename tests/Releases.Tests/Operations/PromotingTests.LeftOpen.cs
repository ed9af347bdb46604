using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <content>A promotion whose driver seems to be gone, by a lock that is watched for a beat.</content>
public sealed partial class PromotingTests
{
    /// <summary>Its last beat is hours old by this machine's clock, and another one follows.</summary>
    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task A_driver_whose_clock_is_behind_is_not_gone_while_it_renews_its_lock(string operation)
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.FromHours(3));
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, call) =>
        {
            if (method.Name == nameof(IReleaseStore.FindLock))
                Rack.Records.RenewLock(held, World.GetUtcNow() - TimeSpan.FromHours(3), Cancel).GetAwaiter().GetResult();
            return call();
        });
        var problem = await Refused(async () => await Run(operation, new(), from: "active"));
        Assert.Equal((ProblemCode.Busy, ProblemKind.Busy), (problem.Code, problem.Kind));
        Assert.Equal((0, 0), (Driver.Nudges, Driver.Begun.Count));
        Assert.Empty(Notes);
    }

    /// <summary>A machine that slept, or whose clock was set forward, has a daemon whose last beat seems old.</summary>
    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task A_daemon_that_gave_the_last_beat_is_not_gone_although_the_clock_says_so(string operation)
    {
        await Active();
        await Running(seenAgo: TimeSpan.FromMinutes(10));
        Driver.WaitsToBeDriven = true;
        Driver.Ends(PromotionStatus.Failed, "it did not start");
        Rack.RunBy = new() { State = FakeDaemon.Running(ToolVersion.Text) };
        var problem = await Refused(async () => await Run(operation, new(), from: "active"));
        Assert.Equal(ProblemCode.Busy, problem.Code);
        Assert.Empty(Driver.Begun);
        Assert.DoesNotContain(Sentences(), s => s.Contains("lost its driver", StringComparison.Ordinal));
    }

    /// <summary>A successor that takes it over meanwhile, such as an agent, isn't the driver that was lost.</summary>
    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task A_promotion_that_was_left_open_and_has_a_successor_by_now_is_finished_first(string operation)
    {
        await Active();
        await Active();
        var open = await Running(seenAgo: TimeSpan.FromHours(3));
        Driver.WaitsToBeDriven = true;
        Driver.Ends(PromotionStatus.Failed, "it did not start");
        var (began, taken) = (World.GetUtcNow(), false);
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, call) =>
        {
            if (!taken && method.Name == nameof(IReleaseStore.FindLock) && World.GetUtcNow() > began)
            {
                taken = true;
                Driver.Held = Rack.Records.TakeOver(open, "agent 2 on box", A.Event(EventKind.PromotionTakenOver), Cancel)
                    .GetAwaiter().GetResult();
            }

            return call();
        });
        var started = await Run(operation, new(), from: "active");
        Assert.True(taken);
        Assert.Equal(Assert.Single(Driver.Begun).Id, started.Promotion);
        Assert.Contains(Sentences(), s => s.EndsWith("; finishing it first.", StringComparison.Ordinal));
    }
}
