using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>The buttons that are at work. What one has begun is not cut short, so the console waits for them before it ends.</summary>
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

    /// <summary>Returns when those of now have ended, well or not.</summary>
    public Task Ended() => Task.WhenAll(_running.Keys.Select(p => p.Task));
}
