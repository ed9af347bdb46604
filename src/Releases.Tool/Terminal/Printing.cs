namespace Releases.Tool;

/// <summary>Prints for a reader who may leave early.</summary>
internal static class Printing
{
    /// <summary>
    /// Prints until everything is printed or the reader is gone, neither of which is a failure. Fails if the output is lost.
    /// </summary>
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

        terminal.RequireOutput();
    }

    /// <summary>Fails if data couldn't be written.</summary>
    public static void RequireOutput(this ITerminal terminal)
    {
        if (terminal.OutputLost is { } lost) throw lost.ToException();
    }

    /// <summary>Returns the problem of a command that has finished although its data couldn't be written, or null if it could.</summary>
    public static Problem? FinishedWithoutOutput(this ITerminal terminal) =>
        terminal.OutputLost is { } lost ? lost with { Message = $"{lost.Message} The command itself has finished." } : null;
}
