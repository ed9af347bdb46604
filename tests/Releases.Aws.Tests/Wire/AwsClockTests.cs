using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests;

/// <summary>Time by AWS's answers, which may jump, on a machine whose wall clock may be wrong and which may sleep.</summary>
public sealed class AwsClockTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromMinutes(10);

    private readonly Machine _machine = new();
    private readonly List<string> _told = [];
    private readonly AwsClock _clock;

    public AwsClockTests() => _clock = new(_machine, _told.Add);

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    [InlineData(600)]
    public void A_date_that_jumps_is_told_once_and_moves_no_limit(int minutes)
    {
        _clock.Learn(_machine.Now);
        _machine.Passes(TimeSpan.FromSeconds(8));
        for (var answer = 0; answer < 5; answer++) _clock.Learn(_machine.Now + TimeSpan.FromMinutes(minutes));
        Assert.Equal(A.Moment + TimeSpan.FromSeconds(8), _clock.GetUtcNow());
        Assert.Equal(
            $"the time of AWS jumped by {Duration.Text(TimeSpan.FromMinutes(Math.Abs(minutes)))}; time limits continue by this machine's clock", Assert.Single(_told));
    }

    [Fact]
    public void A_machine_whose_clock_is_wrong_goes_by_AWS()
    {
        _clock.Learn(A.Moment + Ten);
        _machine.Passes(TimeSpan.FromMinutes(1));
        _clock.Learn(A.Moment + Ten + TimeSpan.FromMinutes(1));
        Assert.Equal(A.Moment + Ten + TimeSpan.FromMinutes(1), _clock.GetUtcNow());
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void A_machine_that_slept_learns_of_it_by_the_next_answer(int wrongBy)
    {
        var wrong = TimeSpan.FromMinutes(wrongBy);
        _clock.Learn(_machine.Now + wrong);
        _machine.Sleeps(TimeSpan.FromHours(3));
        _clock.Learn(_machine.Now + wrong);
        Assert.Equal(A.Moment + TimeSpan.FromHours(3) + wrong, _clock.GetUtcNow());
        Assert.Empty(_told);
    }

    [Fact]
    public void A_wall_clock_that_is_set_while_AWS_goes_on_changes_nothing()
    {
        _clock.Learn(_machine.Now);
        _machine.Sleeps(Ten);
        _clock.Learn(A.Moment);
        Assert.Equal(A.Moment, _clock.GetUtcNow());
    }

    [Fact]
    public void A_first_answer_that_was_wrong_is_left_behind_when_the_next_one_agrees_with_the_machine()
    {
        _clock.Learn(_machine.Now + Ten);
        _clock.Learn(_machine.Now);
        Assert.Equal(A.Moment, _clock.GetUtcNow());
    }

    /// <summary>A machine with a wall clock and one that stands still while it sleeps.</summary>
    private sealed class Machine : TimeProvider
    {
        private readonly FakeTimeProvider _awake = new(A.Moment);
        private TimeSpan _slept;

        public DateTimeOffset Now => GetUtcNow();

        public override long TimestampFrequency => _awake.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _awake.GetUtcNow() + _slept;

        public override long GetTimestamp() => _awake.GetTimestamp();

        public void Passes(TimeSpan time) => _awake.Advance(time);

        public void Sleeps(TimeSpan time) => _slept += time;
    }
}
