using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>What a process printed without the commands to a terminal that are in it: a page has no use for them.</summary>
internal static partial class PlainText
{
    /// <summary>One line; any other control character becomes a space, but a tab stays.</summary>
    public static string Line(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        return string.Concat(Commands().Replace(text, "").Select(c => char.IsControl(c) && c != '\t' ? ' ' : c)).TrimEnd();
    }

    // ECMA-48: control sequences (colours, cursor), strings up to their end (titles, links), and the short ones; also the C1 forms.
    [GeneratedRegex(@"(\e\[|\u009b)[0-?]*[ -/]*[@-~]|(\e[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f]).*?(\a|\e\\|\u009c|$)|\e[ -/]*[0-~]?", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Commands();
}
