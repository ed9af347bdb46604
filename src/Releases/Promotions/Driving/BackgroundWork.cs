using System.Collections.Concurrent;

namespace Releases;

/// <summary>Work in the background, at most one per key, until it has ended or all of it is stopped. It handles its own failures.</summary>
public sealed class BackgroundWork<TKey> : IAsyncDisposable where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task>> _running = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>What has not ended, and what was stopped.</summary>
    public IEnumerable<TKey> Unfinished => _running.Keys;

    /// <summary>The work of this key; null: it has ended, or there is none.</summary>
    public Task? Find(TKey key) => _running.TryGetValue(key, out var work) ? work.Value : null;

    /// <summary>Starts it, unless work of this key is running.</summary>
    /// <param name="key">The key.</param>
    /// <param name="work">The work; its token says that it is to stop.</param>
    public void Start(TKey key, Func<CancellationToken, Task> work) =>
        _ = _running.GetOrAdd(key, _ => new(() => Task.Run(() => Run(key, work)))).Value;

    /// <summary>Stops all of it and returns when it has stopped.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values.Select(w => w.Value));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private async Task Run(TKey key, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
        finally
        {
            if (!_stop.IsCancellationRequested) _running.TryRemove(key, out _);
        }
    }
}
