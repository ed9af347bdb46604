using System.Globalization;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Provides AWS's time, from the Date header of its responses: limits are absolute, and a driver that takes over a promotion must interpret
/// them the same way. Once the time is known, it advances by the machine's monotonic clock, so that a jump of the Date doesn't end a
/// promotion.
/// </summary>
/// <param name="machine">The machine's clocks.</param>
/// <param name="tell">Receives a line when AWS's time jumps.</param>
internal sealed class AwsClock(TimeProvider machine, Action<string>? tell = null) : TimeProvider
{
    /// <summary>The Date has whole seconds, and takes time to arrive.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Agreement? _agreed;
    private bool _isJumpTold;

    /// <summary>The machine's own clocks.</summary>
    public TimeProvider Machine => machine;

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _agreed is { } agreed ? agreed.Aws + machine.GetElapsedTime(agreed.Tick) : machine.GetUtcNow();
    }

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Learns the time from every response of a client.</summary>
    public void LearnFrom(AmazonServiceClient client) => client.AfterResponseEvent += (_, answer) =>
    {
        if (answer is WebServiceResponseEventArgs { ResponseHeaders: { } headers } && headers.TryGetValue("Date", out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date)) Learn(date);
    };

    internal void Learn(DateTimeOffset date)
    {
        TimeSpan jump;
        lock (_gate)
        {
            var wall = machine.GetUtcNow();
            if (_agreed is not { } agreed)
            {
                Agree(date, wall);
                return;
            }

            jump = date - (agreed.Aws + machine.GetElapsedTime(agreed.Tick));
            if (jump.Duration() <= Tolerance) return;
            // The machine slept, or an earlier response was wrong: its wall clock decides.
            if (IsNear(date, wall + (agreed.Aws - agreed.Wall)) || IsNear(date, wall))
            {
                Agree(date, wall);
                return;
            }

            if (_isJumpTold) return;
            _isJumpTold = true;
        }

        tell?.Invoke($"the time of AWS jumped by {Duration.Text(jump.Duration())}; time limits continue by this machine's clock");
    }

    private static bool IsNear(DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= Tolerance;

    /// <summary>A difference of less than a few seconds is ignored.</summary>
    private void Agree(DateTimeOffset date, DateTimeOffset wall) => _agreed = new(
        IsNear(date, wall) ? wall : date, wall, machine.GetTimestamp());

    /// <summary>Represents AWS's time at a moment of the machine's two clocks.</summary>
    private sealed record Agreement(DateTimeOffset Aws, DateTimeOffset Wall, long Tick);
}
