using Microsoft.Extensions.Time.Testing;

namespace Releases.Testing;

/// <summary>
/// The clock of whoever drives in a virtual world: each pause of theirs makes that much time pass, at once. What only waits beside
/// them, such as a beat or a limit, takes the world's clock itself.
/// </summary>
public sealed class SteppingTime(FakeTimeProvider world) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => world.GetUtcNow();

    public override long GetTimestamp() => world.GetTimestamp();

    public override long TimestampFrequency => world.TimestampFrequency;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero) world.Advance(dueTime);
        return System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
