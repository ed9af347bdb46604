using Xunit;

namespace Releases.Tests.Scheduling;

public sealed class SchedulerTests
{
    private readonly SimulatedService _service = new();

    public static TheoryData<int, int, int> Limits()
    {
        var data = new TheoryData<int, int, int>();
        foreach (var desired in (int[])[1, 2, 3, 5, 10])
            foreach (var minimum in (int[])[0, 50, 100])
                foreach (var maximum in (int[])[100, 150, 200])
                    if (Scheduler.CanMove(desired, new() { Minimum = minimum, Maximum = maximum })) data.Add(desired, minimum, maximum);
        return data;
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_rollout_replaces_everything_and_never_leaves_the_limits(int desired, int minimum, int maximum)
    {
        var limits = new Deployment { Minimum = minimum, Maximum = maximum };
        _service.Wanted = new("old", desired, limits);
        _service.Settle();
        Assert.Equal(desired, _service.Healthy("old"));

        _service.Wanted = new("new", desired, limits, Held: desired, Breaker: true);
        _service.Settle(WithinLimits);
        Assert.Equal(desired, _service.Healthy("new"));

        _service.Wanted = _service.Wanted with { Held = null };
        _service.Settle(WithinLimits);
        Assert.Equal((desired, 0), (_service.Healthy("new"), _service.Healthy("old")));
        Assert.Equal(desired, _service.Last.Route.Count);

        void WithinLimits()
        {
            Assert.True(_service.Instances.Count <= Math.Max(desired, desired * maximum / 100));
            Assert.True(_service.Instances.Count(i => i.State == InstanceState.Healthy) >= ((desired * minimum) + 99) / 100);
        }
    }

    [Fact]
    public void Where_the_maximum_allows_the_old_ones_stay_and_keep_all_traffic_until_the_new_ones_are_proven()
    {
        _service.Wanted = new("old", 2, new());
        _service.Settle();
        var old = _service.Instances.Select(i => i.Id).ToList();

        _service.Wanted = new("new", 2, new(), Held: 2, Breaker: true);
        _service.Settle();

        Assert.Equal((2, 2), (_service.Healthy("old"), _service.Healthy("new")));
        Assert.Equal(old, _service.Last.Route);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    public void With_a_share_the_new_ones_are_routed_beside_the_old_ones_which_stay(int share)
    {
        _service.Wanted = new("old", 2, new());
        _service.Settle();
        _service.Wanted = new("new", 2, new(), Held: 2, Breaker: true) { Share = share };
        _service.Settle();

        Assert.Equal((2, 2), (_service.Healthy("old"), _service.Healthy("new")));
        Assert.Equal(_service.Instances.Select(i => i.Id).Order(), _service.Last.Route.Order());
    }

    [Fact]
    public void A_first_rollout_gets_no_traffic_before_it_is_proven()
    {
        _service.Wanted = new("new", 2, new(), Held: 0, Breaker: true);
        _service.Settle();
        Assert.Empty(_service.Last.Route);

        _service.Wanted = _service.Wanted with { Held = null };
        _service.Settle();
        Assert.Equal(2, _service.Last.Route.Count);
    }

    [Fact]
    public void A_singleton_ends_before_its_successor_starts()
    {
        var limits = new Deployment { Minimum = 0, Maximum = 100 };
        _service.Wanted = new("old", 1, limits);
        _service.Settle();

        _service.Wanted = new("new", 1, limits, Held: 1, Breaker: true);
        Assert.Equal(0, _service.Step().Start);
        Assert.Equal(0, _service.Step().Start);
        _service.EndedAreGone();
        Assert.Equal(1, _service.Step().Start);
    }

    [Fact]
    public void Going_back_gives_the_traffic_back_at_once_where_the_old_ones_stayed()
    {
        _service.Wanted = new("old", 2, new());
        _service.Settle();
        _service.Wanted = new("new", 2, new(), Held: 2, Breaker: true);
        _service.Settle();

        _service.Wanted = new("old", 2, new());
        var decision = _service.Step();

        Assert.Equal(0, decision.Start);
        Assert.Equal(["i2", "i3"], decision.End);
        Assert.Equal(["i0", "i1"], decision.Route);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(10, 1)]
    [InlineData(100, 2)]
    public void What_is_rejected_gets_no_traffic_and_ends_at_once_however_few_old_ones_are_healthy(int share, int crashed)
    {
        _service.Wanted = new("old", 2, new());
        _service.Settle();
        _service.Wanted = new("new", 2, new(), Held: 2, Breaker: true) { Share = share };
        _service.Settle();
        Assert.True(Scheduler.KeepsAll(_service.Wanted));
        for (var i = 0; i < crashed; i++) _service.CrashOne(0);

        _service.Wanted = new("old", 2, new()) { RejectsOthers = true };
        var decision = _service.Step();

        Assert.Equal(["i2", "i3"], decision.End);
        Assert.Equal(crashed == 1 ? ["i1"] : [], decision.Route);
        _service.Now += TimeSpan.FromMinutes(1);
        _service.Settle();
        Assert.Equal((2, 2), (_service.Healthy("old"), _service.Last.Route.Count));
    }

    [Theory]
    [InlineData(100, null, false)]
    [InlineData(200, null, false)]
    [InlineData(100, 2, false)]
    [InlineData(150, 2, false)]
    [InlineData(200, 2, true)]
    public void Where_the_old_ones_make_room_they_do_not_all_stay(int maximum, int? held, bool stay)
    {
        var wanted = new Wanted("new", 2, new() { Minimum = 0, Maximum = maximum }, held);
        Assert.Equal(stay, Scheduler.KeepsAll(wanted));
        Assert.Equal(held is not null, Scheduler.KeepsAll(wanted with { KeepsHeld = true }));
    }

    [Fact]
    public void Going_back_from_a_first_rollout_leaves_nothing()
    {
        _service.Wanted = new("new", 2, new(), Held: 0, Breaker: true);
        _service.Settle();
        _service.Wanted = Wanted.Nothing;
        _service.Settle();
        Assert.Empty(_service.Instances);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(6, 3)]
    [InlineData(7, 4)]
    [InlineData(100, 50)]
    [InlineData(1000, 200)]
    public void The_breaker_opens_at_half_the_desired_count_but_at_least_3_and_at_most_200(int desired, int failures)
    {
        var wanted = new Wanted("new", desired, new(), Held: 0, Breaker: true);
        var late = DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1);
        Assert.False(Scheduler.Decide(wanted, [], new(failures - 1, DateTimeOffset.UnixEpoch), late).GivenUp);
        var open = Scheduler.Decide(wanted, [], new(failures, DateTimeOffset.UnixEpoch), late);
        Assert.True(open.GivenUp);
        Assert.Equal(0, open.Start);
    }

    [Fact]
    public void What_keeps_crashing_is_started_again_ever_more_slowly_but_for_ever()
    {
        _service.Wanted = new("active", 1, new());
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 14; i++)
        {
            _service.Step();
            Assert.Single(_service.Instances);
            _service.Crash("active");
            var lookAgain = _service.Step().LookAgain;
            Assert.NotNull(lookAgain);
            pauses.Add(lookAgain.Value - _service.Now);
            _service.Now = lookAgain.Value;
        }

        Assert.Equal(TimeSpan.FromMilliseconds(250), pauses[0]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(TimeSpan.FromSeconds(60), pauses[^1]);
        Assert.False(_service.Last.GivenUp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_old_one_that_dies_during_a_rollout_is_replaced_and_no_unproven_one_serves_in_its_place(bool newOnesAreHealthy)
    {
        _service.Wanted = new("old", 1, new());
        _service.Settle();
        _service.Wanted = new("new", 1, new(), Held: 1, Breaker: true);
        if (newOnesAreHealthy) _service.Settle();
        else _service.Step();
        _service.Crash("old");

        var decision = _service.Step();
        Assert.Empty(decision.Route);
        Assert.Equal((0, 0), (decision.Start, decision.StartHeld));
        Assert.Equal(_service.Now + TimeSpan.FromMilliseconds(250), decision.LookAgain);

        _service.Now = decision.LookAgain!.Value;
        Assert.Equal(1, _service.Step().StartHeld);
        _service.BecomeHealthy();
        Assert.Equal("old", _service.Instances.Single(i => i.Id == Assert.Single(_service.Step().Route)).Revision);
    }

    [Fact]
    public void An_old_one_that_dies_where_the_old_ones_make_room_lets_the_healthy_new_ones_help()
    {
        var limits = new Deployment { Minimum = 0, Maximum = 150 };
        _service.Wanted = new("old", 2, limits);
        _service.Settle();
        _service.Wanted = new("new", 2, limits, Held: 2, Breaker: true);
        _service.Step();
        _service.BecomeHealthy();
        _service.Crash("old");
        var decision = _service.Step();
        Assert.Equal(0, decision.StartHeld);
        Assert.Equal("new", _service.Instances.Single(i => i.Id == Assert.Single(decision.Route)).Revision);
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Whatever_dies_during_a_rollout_the_maximum_holds_and_the_old_ones_come_back_where_it_has_room(
        int desired, int minimum, int maximum)
    {
        var limits = new Deployment { Minimum = minimum, Maximum = maximum };
        var most = Math.Max(desired, desired * maximum / 100);
        var random = new Random((desired * 1_000_000) + (minimum * 1000) + maximum);
        for (var run = 0; run < 50; run++)
        {
            var service = new SimulatedService { Wanted = new("old", desired, limits) };
            service.Settle();
            service.Wanted = new("new", desired, limits, Held: desired);
            for (var i = 0; i < 60; i++)
            {
                switch (random.Next(4))
                {
                    case 0 when service.Instances.Count > 0: service.CrashOne(random.Next(service.Instances.Count)); break;
                    case 1: service.BecomeHealthy(); break;
                    case 2: service.EndedAreGone(); break;
                    default: service.Now = service.Last.LookAgain ?? service.Now; break;
                }

                service.Step();
                Assert.True(service.Instances.Count <= most, $"{service.Instances.Count} of at most {most} in run {run}");
                if (desired <= most - desired)
                    Assert.All(service.Last.Route, id => Assert.Equal("old", service.Instances.Single(s => s.Id == id).Revision));
            }

            // Once nothing dies any longer, both are complete.
            for (var i = 0; i < 10; i++)
            {
                service.Now += TimeSpan.FromMinutes(1);
                service.Settle();
            }

            Assert.Equal(desired, service.Healthy("new"));
            if (desired <= most - desired) Assert.Equal(desired, service.Healthy("old"));
        }
    }

    [Theory]
    [InlineData(1, 100, 100, false)]
    [InlineData(1, 50, 100, false)]
    [InlineData(1, 0, 100, true)]
    [InlineData(1, 100, 200, true)]
    [InlineData(2, 50, 100, true)]
    [InlineData(1, 100, 150, false)]
    [InlineData(0, 100, 100, true)]
    public void It_knows_which_limits_cannot_move(int desired, int minimum, int maximum, bool canMove) =>
        Assert.Equal(canMove, Scheduler.CanMove(desired, new() { Minimum = minimum, Maximum = maximum }));
}
