using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Releases.Aws.Tests.Matrix;

/// <summary>
/// Virtual time for a whole program: while a call is under way it stands still, and when nothing is, it jumps to the next moment that
/// anybody waits for. So a quarter of an hour takes a second, and no limit passes because the machine is busy. A call is under way as
/// long as its limit is waited for, except where AWS is silent.
/// </summary>
internal sealed class PumpedTime : TimeProvider, IAsyncDisposable
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    /// <summary>How many rounds a server gets to notice that a caller has given up, which takes longer on a busy machine.</summary>
    private const int RoundsToNotice = 200;

    private readonly FakeTimeProvider _world;
    private readonly Func<int> _silent;
    private readonly ConcurrentDictionary<Waiting, DateTimeOffset> _waiting = new();
    private readonly SemaphoreSlim _awaited = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pump;
    private int _toNotice;

    public PumpedTime(FakeTimeProvider world, Func<int> silent)
    {
        (_world, _silent) = (world, silent);
        _pump = Task.Run(Pump);
    }

    public override long TimestampFrequency => _world.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _world.GetUtcNow();

    public override long GetTimestamp() => _world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiting = new Waiting(this, state is CancellationTokenSource);
        waiting.Timer = _world.CreateTimer(
            given =>
            {
                _waiting.TryRemove(waiting, out _);
                if (waiting.IsLimitOfCall) Volatile.Write(ref _toNotice, RoundsToNotice);
                callback(given);
            },
            state, Timeout.InfiniteTimeSpan, period);
        waiting.Change(dueTime, period);
        return waiting;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _awaited.Release();
        await _pump;
        _awaited.Dispose();
        _stop.Dispose();
    }

    private async Task Pump()
    {
        for (var quiet = 0; !_stop.IsCancellationRequested;)
        {
            if (_waiting.IsEmpty) await _awaited.WaitAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(1), System);
            // Until then the next call would count as the silent one, and time would pass during it.
            if (Volatile.Read(ref _toNotice) > 0 && _silent() > 0 && Interlocked.Decrement(ref _toNotice) > 0) continue;
            Volatile.Write(ref _toNotice, 0);
            var (calls, next) = (0, DateTimeOffset.MaxValue);
            foreach (var (waiting, until) in _waiting)
            {
                if (waiting.IsLimitOfCall) calls++;
                if (until < next) next = until;
            }

            quiet = calls > _silent() ? 0 : quiet + 1;
            if (quiet < 2 || next == DateTimeOffset.MaxValue) continue;
            var step = next - _world.GetUtcNow();
            _world.Advance(step > LongestStep ? LongestStep : step > TimeSpan.Zero ? step : TimeSpan.FromMilliseconds(1));
        }
    }

    private sealed class Waiting(PumpedTime time, bool isLimitOfCall) : ITimer
    {
        public bool IsLimitOfCall => isLimitOfCall;

        public ITimer Timer { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) time._waiting.TryRemove(this, out _);
            else
            {
                time._waiting[this] = time._world.GetUtcNow() + dueTime;
                if (time._awaited.CurrentCount == 0) time._awaited.Release();
            }

            return Timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            time._waiting.TryRemove(this, out _);
            Timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
