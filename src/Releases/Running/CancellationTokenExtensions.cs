namespace Releases;

/// <summary>Waits for the end that a token announces.</summary>
public static class CancellationTokenExtensions
{
    /// <summary>Completes, and doesn't fail, when the token is cancelled.</summary>
    public static async Task WhenCanceled(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (token.Register(cancelled.SetResult)) await cancelled.Task;
    }
}
