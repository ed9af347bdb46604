namespace Releases;

/// <summary>Provides a way to await a cancellation token.</summary>
public static class CancellationTokenExtensions
{
    /// <summary>Returns a task that completes successfully when the token is cancelled.</summary>
    public static async Task WhenCanceled(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (token.Register(cancelled.SetResult)) await cancelled.Task;
    }
}
