using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>GNU timeout sends SIGTERM to the process and to its group; a terminal's wrappers do the same with SIGINT.</summary>
public sealed class RepeatedSignalsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RepeatedSignals _signals;

    public RepeatedSignalsTests() => _signals = new(_time);

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public void The_same_signal_twice_at_once_is_one(PosixSignal signal)
    {
        Assert.Equal(RepeatedSignals.Meaning.Leave, _signals.Of(signal));
        Assert.Equal(RepeatedSignals.Meaning.Nothing, _signals.Of(signal));
    }

    [Fact]
    public void However_often_SIGTERM_comes_a_command_says_what_it_leaves()
    {
        _signals.Of(PosixSignal.SIGTERM);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RepeatedSignals.Meaning.Nothing, _signals.Of(PosixSignal.SIGTERM));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public void A_person_who_presses_again_ends_it_at_once(PosixSignal first)
    {
        _signals.Of(first);
        _time.Advance(RepeatedSignals.OnePress);
        Assert.Equal(RepeatedSignals.Meaning.EndAtOnce, _signals.Of(PosixSignal.SIGINT));
    }
}
