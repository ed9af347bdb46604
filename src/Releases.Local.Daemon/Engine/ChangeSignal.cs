namespace Releases.Local;

/// <summary>Wakes the driver of an app's promotion after a change. A change between two waits isn't lost.</summary>
internal sealed class ChangeSignal(TimeProvider time) : IDisposable
{
    /// <summary>How long a change without a signal, such as a cancel request from another process, may go unnoticed.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Lock _gate = new();

    public void Pulse()
    {
        lock (_gate)
            if (_changed.CurrentCount == 0) _changed.Release();
    }

    public async Task Wait(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(MaxWait, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _changed.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Nothing was signaled; check anyway.
        }
    }

    public void Dispose() => _changed.Dispose();
}
