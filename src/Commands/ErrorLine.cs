using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Represents the line on standard error that reports a problem, in the format that MSBuild recognizes: <c>[file(line,column): ]error CODE:
/// sentence</c>. The command line writes it, and a build that runs the command line reads it.
/// </summary>
/// <param name="Code">The problem's code.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
internal sealed partial record ErrorLine(string Code, string Sentence)
{
    /// <summary>Returns what precedes the sentence.</summary>
    public static string Label(string code, string? location) => $"{(location is null ? "" : $"{location}: ")}error {code}:";

    /// <summary>Reads a line; returns null if it reports no problem.</summary>
    public static ErrorLine? Parse(string line) =>
        Format().Match(line) is { Success: true, Groups: var found } ? new(found[1].Value, found[2].Value.Trim()) : null;

    [GeneratedRegex("^(?:.*: )?error (CONVOX[0-9]{4}): (.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Format();
}
