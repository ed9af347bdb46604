using System.Collections.Concurrent;

namespace Releases;

/// <summary>
/// Runs work in the background, at most one task per key, until it ends or all of it is stopped. The work handles its own failures.
/// </summary>
public sealed class BackgroundWork<TKey> : IAsyncDisposable where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task>> _running = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The keys of work that hasn't ended or was stopped.</summary>
    public IEnumerable<TKey> Unfinished => _running.Keys;

    /// <summary>Returns the running task of a key, or null if there is none.</summary>
    public Task? Find(TKey key) => _running.TryGetValue(key, out var work) ? work.Value : null;

    /// <summary>Starts the work, unless work with this key is running.</summary>
    /// <param name="key">The key.</param>
    /// <param name="work">The work; its token requests that it stops.</param>
    public void Start(TKey key, Func<CancellationToken, Task> work) =>
        _ = _running.GetOrAdd(key, _ => new(() => Task.Run(() => Run(key, work)))).Value;

    /// <summary>Stops all work, and returns when it has stopped.</summary>
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
