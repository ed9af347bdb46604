using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>
/// Tracks the requests of buttons that are still running. They aren't cut short: the console waits for them before it stops.
/// </summary>
internal sealed class ActiveRequests
{
    private readonly ConcurrentDictionary<TaskCompletionSource, bool> _running = new();

    public async Task Run(Func<Task> press)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[ended] = true;
        try
        {
            await press();
        }
        finally
        {
            _running.TryRemove(ended, out _);
            ended.SetResult();
        }
    }

    /// <summary>Completes when all requests that are running now have finished, successfully or not.</summary>
    public Task Ended() => Task.WhenAll(_running.Keys.Select(p => p.Task));
}
