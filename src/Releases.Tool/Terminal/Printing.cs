namespace Releases.Tool;

/// <summary>Printing for somebody who may have read enough.</summary>
internal static class Printing
{
    /// <summary>Prints until all is printed or nobody reads it, and neither is a failure.</summary>
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
