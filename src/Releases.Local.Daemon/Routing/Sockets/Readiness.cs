using System.Threading.Tasks.Sources;

namespace Releases.Local;

/// <summary>Tracks whether a socket is known to be readable or writable, and its waiter, without a lock.</summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int Unknown = 0;
    private const int Ready = 1;
    private const int Waited = 2;

    // The waiter continues synchronously on the thread that signals, which is the loop's and does nothing else.
    private ManualResetValueTaskSourceCore<bool> _waiting;
    private int _state;

    public bool IsReady => Volatile.Read(ref _state) == Ready;

    /// <summary>Clears the state before an attempt, so that a later signal is about something newer.</summary>
    public void Clear() => Interlocked.CompareExchange(ref _state, Unknown, Ready);

    /// <summary>Signals that an attempt is worthwhile.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Ready) == Waited) _waiting.SetResult(true);
    }

    /// <summary>Marks the socket as closed. Returns whether someone waits, who has to be woken with <see cref="Set"/>.</summary>
    public bool Close() => Interlocked.CompareExchange(ref _state, Ready, Unknown) == Waited;

    /// <summary>Waits until an attempt is worthwhile.</summary>
    public ValueTask Wait()
    {
        _waiting.Reset();
        return Interlocked.CompareExchange(ref _state, Waited, Unknown) == Unknown ? new(this, _waiting.Version) : default;
    }

    void IValueTaskSource.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);
}
