namespace Releases;

/// <summary>Excludes, for each key, everybody but one. Waiting doesn't block a thread, and an unused key takes no memory.</summary>
public sealed class KeyedLock<TKey> where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Entry> _entries = [];

    /// <summary>Waits until the key is free. The key is free again once the result is disposed.</summary>
    public async Task<IDisposable> Enter(TKey key, CancellationToken cancel)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out entry!)) _entries[key] = entry = new();
            entry.Users++;
        }

        try
        {
            await entry.Free.WaitAsync(cancel);
        }
        catch
        {
            Leave(key, entry);
            throw;
        }

        return new Held(() =>
        {
            entry.Free.Release();
            Leave(key, entry);
        });
    }

    private void Leave(TKey key, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0) return;
            _entries.Remove(key);
            entry.Free.Dispose();
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Held(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
