namespace Releases.Tool;

/// <summary>Provides extension methods for messages and questions on the terminal.</summary>
internal static class TerminalMessages
{
    /// <summary>Prints a message for the user to standard error, made safe whatever it quotes.</summary>
    public static void Say(this ITerminal terminal, string line) => terminal.Error.WriteLine(SafeText.Text(line));

    /// <summary>Asks for confirmation, which only <c>y</c> or <c>yes</c> gives. Fails if there is no terminal to ask on.</summary>
    public static async Task<bool> Confirm(this ITerminal terminal, string question, CancellationToken cancel)
    {
        if (!terminal.InIsTerminal)
            throw new Problem(
                ProblemCode.Usage, "this command asks for confirmation and there is no terminal to ask on; nothing changed.", "Pass --yes.",
                ProblemKind.Usage).ToException();
        terminal.Error.Write($"{SafeText.Line(question)} [y/N] ");
        return (await terminal.Answer(cancel))?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>
    /// Reads a line that the user types, or null at the end of input. A read from a terminal can't be cancelled, so cancellation abandons
    /// it.
    /// </summary>
    public static Task<string?> Answer(this ITerminal terminal, CancellationToken cancel) =>
        Task.Run(terminal.In.ReadLine, CancellationToken.None).WaitAsync(cancel);
}
