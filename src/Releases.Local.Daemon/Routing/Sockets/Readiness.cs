using System.Threading.Tasks.Sources;

namespace Releases.Local;

/// <summary>Whether a socket can be read, or written, as far as it is known; and the one who waits for it. Takes no lock.</summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int Unknown = 0;
    private const int Ready = 1;
    private const int Waited = 2;

    // Who waits continues at once, on the thread that signals: it is the loop's, which does nothing else.
    private ManualResetValueTaskSourceCore<bool> _waiting;
    private int _state;

    public bool IsReady => Volatile.Read(ref _state) == Ready;

    /// <summary>Before a try: what is signaled from now on is about something newer.</summary>
    public void Clear() => Interlocked.CompareExchange(ref _state, Unknown, Ready);

    /// <summary>It is worth to try.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Ready) == Waited) _waiting.SetResult(true);
    }

    /// <summary>There is nothing to wait for any longer: whether somebody does, who has to be woken with <see cref="Set"/>.</summary>
    public bool Close() => Interlocked.CompareExchange(ref _state, Ready, Unknown) == Waited;

    /// <summary>Completes once it is worth to try.</summary>
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
