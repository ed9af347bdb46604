namespace Releases.Local;

/// <summary>Gives memory back to the system once a time of many requests is over: the daemon is there for days, beside the apps.</summary>
internal sealed class IdleMemory
{
    /// <summary>What a page or two need isn't worth a collection.</summary>
    private const long WorthCollecting = 16 * 1024 * 1024;

    private long _collectedAt = GC.GetTotalAllocatedBytes();
    private long _lastRequests;

    /// <summary>Called now and then with the number of requests that there were so far; whether memory was given back.</summary>
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
