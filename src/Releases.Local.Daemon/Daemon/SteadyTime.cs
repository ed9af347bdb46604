namespace Releases.Local;

/// <summary>
/// The clock of a daemon. It doesn't jump when the system's clock is set, such as by NTP or when a machine is resumed, so that limits,
/// holds and steps of a promotion last as long as they should. It follows the system's clock when it is asked to.
/// </summary>
internal sealed class SteadyTime(TimeProvider system) : TimeProvider
{
    private Anchor _anchor = new(system.GetUtcNow(), system.GetTimestamp());

    public override long TimestampFrequency => system.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    public override DateTimeOffset GetUtcNow()
    {
        var anchor = Volatile.Read(ref _anchor);
        return anchor.At + system.GetElapsedTime(anchor.Timestamp);
    }

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes over the system's clock, at a moment when nothing waits by this one.</summary>
    public void Follow() => Volatile.Write(ref _anchor, new(system.GetUtcNow(), system.GetTimestamp()));

    private sealed record Anchor(DateTimeOffset At, long Timestamp);
}
