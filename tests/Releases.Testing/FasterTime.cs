namespace Releases.Testing;

/// <summary>
/// The machine's clock, sped up from some moment on; every process that is given the same two has the same time. Only the limit of a call
/// isn't sped up: what is answered late because the machine is busy would count as a failure of whoever answers.
/// </summary>
/// <param name="speed">How many seconds pass in one.</param>
/// <param name="from">The moment at which both clocks agree.</param>
public sealed class FasterTime(double speed, DateTimeOffset from) : TimeProvider
{
    public override long TimestampFrequency => (long)(System.TimestampFrequency / speed);

    public override DateTimeOffset GetUtcNow() => from + ((System.GetUtcNow() - from) * speed);

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        state is CancellationTokenSource
            ? System.CreateTimer(callback, state, dueTime, period)
            : new Timer(System.CreateTimer(callback, state, Slower(dueTime), Slower(period)), this);

    private TimeSpan Slower(TimeSpan span) => span <= TimeSpan.Zero ? span : span / speed;

    private sealed class Timer(ITimer timer, FasterTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Slower(dueTime), time.Slower(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
