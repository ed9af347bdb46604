using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>
/// Text that came from anywhere, such as a description or a line of a log, as a terminal may show it: nothing in it moves the cursor,
/// clears the screen, or makes text read in another order than it stands.
/// </summary>
internal static partial class Harmless
{
    /// <summary>On one line, for a cell or a sentence: each character that would do something is a space.</summary>
    public static string Line(string text) => text.AsSpan().IndexOfAny('\n', '\t') < 0 ? Text(text) : Text(text).Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>The same for a text of several lines.</summary>
    public static string Text(string text) => Active().Replace(text, " ");

    /// <summary>What a program printed: its colours stay.</summary>
    public static string Printed(string text) => ActiveButColours().Replace(text, match => match.Groups["colour"].Success ? match.Value : " ");

    /// <summary>Data as a program gets it, and as a person may see it.</summary>
    public static string Data(ITerminal terminal, string text) => terminal.OutIsTerminal ? Text(text) : text;

    /// <summary>Control characters, what separates lines, and what turns the direction of text.</summary>
    [GeneratedRegex(@"[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069-[\n\t]]", RegexOptions.CultureInvariant)]
    private static partial Regex Active();

    [GeneratedRegex(@"(?<colour>\e\[[0-9;:]{0,40}m)|[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069-[\n\t]]", RegexOptions.CultureInvariant)]
    private static partial Regex ActiveButColours();
}
