namespace Releases.Tool;

/// <summary>What the tool prints besides the data, and what it asks.</summary>
internal static class TerminalMessages
{
    /// <summary>One line for the user, never for a program, whatever is quoted in it.</summary>
    public static void Say(this ITerminal terminal, string line) => terminal.Error.WriteLine(SafeText.Text(line));

    /// <summary>Asks a question that only <c>yes</c> answers; nobody there to answer is wrong usage.</summary>
    public static async Task<bool> Confirm(this ITerminal terminal, string question, CancellationToken cancel)
    {
        if (!terminal.InIsTerminal)
            throw new Problem(
                ProblemCode.Usage, "this command asks for confirmation and there is no terminal to ask on; nothing changed.", "Pass --yes.",
                ProblemKind.Usage).ToException();
        terminal.Error.Write($"{SafeText.Line(question)} [y/N] ");
        return (await terminal.Answer(cancel))?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>A line that the user types, or null at the end of them. A terminal waits for it whatever happens, so that the wait is given
    /// up instead.</summary>
    public static Task<string?> Answer(this ITerminal terminal, CancellationToken cancel) =>
        Task.Run(terminal.In.ReadLine, CancellationToken.None).WaitAsync(cancel);
}
