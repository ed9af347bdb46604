using System.Text.RegularExpressions;

namespace Releases.Tests.Voice;

/// <summary>A phrase that texts for people must not have.</summary>
/// <param name="Text">The phrase; <c>*</c> stands for one word, or for the rest of one.</param>
/// <param name="Instead">What to write instead.</param>
/// <param name="Left">How many are left to rewrite.</param>
internal sealed partial record BannedPhrase(string Text, string Instead, int Left)
{
    /// <summary>Between two words: white space, the start of the next comment line, or the seam of a text in two literals.</summary>
    private const string Gap = """(?:\s+(?:///?\s+)?|\s?"\s*\+\s*\$?"\s?)""";

    private readonly Regex _pattern = new(
        $@"(?<![\w'-]){string.Join(Gap, Text.Split(' ').Select(Word))}(?![\w'-])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>A line of the list: <c>phrase => what to write instead [12]</c>.</summary>
    public static BannedPhrase Parse(string line) => Line().Match(line) is { Success: true } read
        ? new(read.Groups["text"].Value, read.Groups["instead"].Value,
            read.Groups["left"] is { Success: true, Value: var left } ? int.Parse(left) : 0)
        : throw new FormatException($"'{line}' is not 'phrase => what to write instead'.");

    /// <summary>The lines on which a text has the phrase, from 1.</summary>
    public IEnumerable<int> LinesIn(string text) => _pattern.Matches(text).Select(m => 1 + text.AsSpan(0, m.Index).Count('\n'));

    public override string ToString() => Text;

    private static string Word(string word) => word == "*" ? @"\S+" : Regex.Escape(word).Replace(@"\*", @"\S*", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<text>.+?) => (?<instead>.+?)(?: \[(?<left>\d+)\])?$")]
    private static partial Regex Line();
}
