namespace Releases.Local;

/// <summary>Returns memory to the system after a busy period, because the daemon runs for days beside the apps.</summary>
internal sealed class IdleMemory
{
    /// <summary>The allocated amount that is worth a collection; a page or two aren't.</summary>
    private const long WorthCollecting = 16 * 1024 * 1024;

    private long _collectedAt = GC.GetTotalAllocatedBytes();
    private long _lastRequests;

    /// <summary>Checks periodically, given the number of requests so far. Returns whether memory was released.</summary>
    public bool Look(long requests)
    {
        var isIdle = requests == _lastRequests;
        _lastRequests = requests;
        if (!isIdle || GC.GetTotalAllocatedBytes() - _collectedAt < WorthCollecting) return false;
        BufferPool.Clear();
        ResidentMemory.Release();
        _collectedAt = GC.GetTotalAllocatedBytes();
        return true;
    }
}
