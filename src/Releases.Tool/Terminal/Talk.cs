namespace Releases.Tool;

/// <summary>What the tool says beside the data, and what it asks.</summary>
internal static class Talk
{
    /// <summary>One line for the person, never for a program.</summary>
    public static void Say(this ITerminal terminal, string line) => terminal.Error.WriteLine(line);

    /// <summary>Asks a question that only <c>yes</c> answers; nobody there to answer is wrong usage.</summary>
    public static bool Confirm(this ITerminal terminal, string question)
    {
        if (!terminal.InIsTerminal)
            throw new Problem(
                ProblemCode.Usage, "This asks before it acts, and nobody is there to answer; nothing was changed.", "Say --yes to go on without being asked.", ProblemKind.Usage).ToException();
        terminal.Error.Write($"{question} [y/N] ");
        return terminal.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
