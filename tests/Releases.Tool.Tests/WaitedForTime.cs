using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A clock that stands still until somebody waits for it, and then passes by just as much.</summary>
internal sealed class WaitedForTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private const int LongEnough = 10_000;

    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        // Nobody waits for what comes again and again.
        if (period == Timeout.InfiniteTimeSpan) _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Passes for whoever waits, until the work is done; before each time something else may happen.</summary>
    public async Task PassesUntil(Task done, Func<Task>? before = null)
    {
        for (var waits = 0; ; waits++)
        {
            Assert.True(waits < LongEnough, "It was waited for long enough.");
            var wait = _waits.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask();
            if (await Task.WhenAny(done, wait) == done) return;
            if (before is not null) await before();
            if (_waits.Reader.TryRead(out var time)) Advance(time);
        }
    }
}
