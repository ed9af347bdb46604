namespace Releases.Tool;

/// <summary>Prints for a reader who may leave early.</summary>
internal static class Printing
{
    /// <summary>Prints until everything is printed or the reader is gone, neither of which is a failure.</summary>
    public static async Task UntilReaderLeaves(this ITerminal terminal, Func<CancellationToken, Task> print, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, terminal.ReaderGone);
        try
        {
            await print(either.Token);
        }
        catch (OperationCanceledException) when (terminal.ReaderGone.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // As after `| head -1`.
        }
    }
}
