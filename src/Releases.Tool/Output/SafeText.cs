using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>
/// Text from anywhere, such as a description or a line of a log, without what would act on a terminal or a page: nothing in it moves the
/// cursor, clears the screen, or turns the direction in which text reads.
/// </summary>
internal static partial class SafeText
{
    /// <summary>On one line, for a cell or a sentence: each character that would act is a space.</summary>
    public static string Line(string text) =>
        text.AsSpan().IndexOfAny('\n', '\t') < 0 ? Text(text) : Text(text).Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>The same for a text of several lines.</summary>
    public static string Text(string text) => Active().Replace(text, " ");

    /// <summary>What a program printed: its colors stay.</summary>
    public static string WithColors(string text) =>
        ActiveButColors().Replace(text, match => match.Groups["color"].Success ? match.Value : " ");

    /// <summary>What a program printed, as one line of a page: whole escape sequences go, a tab stays.</summary>
    public static string WithoutEscapes(string text) => WithoutEscapesUntrimmed(text).TrimEnd();

    /// <summary>The same of a part of a line, whose end is kept.</summary>
    public static string WithoutEscapesUntrimmed(string text) => Text(EscapeSequence().Replace(text, "")).Replace('\n', ' ');

    /// <summary>Unchanged for a program, safe for a person.</summary>
    public static string Data(ITerminal terminal, string text) => terminal.OutIsTerminal ? Text(text) : text;

    /// <summary>Control characters, what separates lines, and what turns the direction of text.</summary>
    [GeneratedRegex(@"[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069-[\n\t]]", RegexOptions.CultureInvariant)]
    private static partial Regex Active();

    [GeneratedRegex(@"(?<color>\e\[[0-9;:]{0,40}m)|[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069-[\n\t]]", RegexOptions.CultureInvariant)]
    private static partial Regex ActiveButColors();

    // ECMA-48: control sequences (colors, cursor), whole strings (titles, links), and the short ones; also the C1 forms.
    [GeneratedRegex(@"(\e\[|\u009b)[0-?]*[ -/]*[@-~]|(\e[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f]).*?(\a|\e\\|\u009c|$)|\e[ -/]*[0-~]?",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex EscapeSequence();
}
