using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>
/// Makes text from any source, such as a description or a log line, safe to show: nothing in it can move the cursor, clear the screen, or
/// reverse the direction of text.
/// </summary>
internal static partial class SafeText
{
    /// <summary>Returns a text on one line, for a cell or a sentence; each unsafe character becomes a space.</summary>
    public static string Line(string text) =>
        text.AsSpan().IndexOfAny('\n', '\t') < 0 ? Text(text) : Text(text).Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>Returns a text of several lines with each unsafe character replaced by a space.</summary>
    public static string Text(string text) => Active().Replace(text, " ");

    /// <summary>Returns the output of a program with its colors kept.</summary>
    public static string WithColors(string text) =>
        ActiveButColors().Replace(text, match => match.Groups["color"].Success ? match.Value : " ");

    /// <summary>Returns the output of a program as one line of a page: without escape sequences, with tabs kept.</summary>
    public static string WithoutEscapes(string text) => WithoutEscapesUntrimmed(text).TrimEnd();

    /// <summary>Returns a part of a line as <see cref="WithoutEscapes"/> does, but with trailing space kept.</summary>
    public static string WithoutEscapesUntrimmed(string text) => Text(EscapeSequence().Replace(text, "")).Replace('\n', ' ');

    /// <summary>Returns a text unchanged for a program, and made safe for a terminal.</summary>
    public static string Data(ITerminal terminal, string text) => terminal.OutIsTerminal ? Text(text) : text;

    /// <summary>Matches control characters, line separators, and characters that change the direction of text.</summary>
    [GeneratedRegex(@"[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069-[\n\t]]", RegexOptions.CultureInvariant)]
    private static partial Regex Active();

    [GeneratedRegex(@"(?<color>\e\[[0-9;:]{0,40}m)|[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069-[\n\t]]", RegexOptions.CultureInvariant)]
    private static partial Regex ActiveButColors();

    // ECMA-48: control sequences (colors, cursor), control strings (titles, links) and the short sequences, also in their C1 forms.
    [GeneratedRegex(@"(\e\[|\u009b)[0-?]*[ -/]*[@-~]|(\e[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f]).*?(\a|\e\\|\u009c|$)|\e[ -/]*[0-~]?",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex EscapeSequence();
}
