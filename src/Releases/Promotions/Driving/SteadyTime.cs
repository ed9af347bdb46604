namespace Releases;

/// <summary>
/// The clock of one drive of a promotion. It begins with the system's clock and doesn't jump when that is set back, or forward by up to a
/// week, such as by NTP or when a machine is resumed, so that limits, holds and steps last as long as they should.
/// </summary>
internal sealed class SteadyTime(TimeProvider system) : TimeProvider
{
    /// <summary>
    /// A clock that is set forward by more was that of a machine without the right time, in which limits are recorded: it is followed.
    /// </summary>
    private static readonly TimeSpan MaxJump = TimeSpan.FromDays(7);

    private readonly DateTimeOffset _began = system.GetUtcNow();
    private readonly long _timestamp = system.GetTimestamp();

    public override long TimestampFrequency => system.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    public override DateTimeOffset GetUtcNow()
    {
        var (steady, now) = (_began + system.GetElapsedTime(_timestamp), system.GetUtcNow());
        return now - steady > MaxJump ? now : steady;
    }

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);
}
