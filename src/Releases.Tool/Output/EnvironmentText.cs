using System.Text;

namespace Releases.Tool;

/// <summary>Variables as lines of <c>KEY=value</c>, in the manner of a .env file: what is printed can be read again.</summary>
internal static class EnvironmentText
{
    /// <summary>One variable; quoted where a plain line would read back as something else.</summary>
    public static string Line(string key, string value) => $"{key}={(NeedsQuotes(value) ? Quoted(value) : value)}";

    /// <summary>
    /// Reads lines. Blank ones and those that begin with <c>#</c> are left out, and so is <c>export</c>. A value in single
    /// quotes is taken as it is, one in double quotes with <c>\n \r \t \" \\</c>; both may go over several lines.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(TextReader reader)
    {
        var variables = new List<KeyValuePair<string, string>>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.StartsWith("export ", StringComparison.Ordinal)) text = text["export ".Length..].TrimStart();
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 0) throw Malformed(number, "it has no '='");
            var value = text[(at + 1)..];
            var first = number;
            if (value is ['"' or '\'', ..])
                while (!IsClosed(value))
                {
                    value += "\n" + (reader.ReadLine() ?? throw Malformed(first, "its quotes are not closed"));
                    number++;
                }

            variables.Add(new(text[..at].TrimEnd(), Unquoted(value, first)));
        }

        return variables;
    }

    private static bool NeedsQuotes(string value) =>
        value.Length > 0 && (value[0] is '"' or '\'' || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]) || value.AsSpan().ContainsAny('\n', '\r'));

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r")}\"";

    private static bool IsClosed(string value) => End(value) > 0;

    /// <summary>Where the closing quote is, or -1.</summary>
    private static int End(string value)
    {
        if (value[0] == '\'') return value.IndexOf('\'', 1);
        for (var i = 1; i < value.Length; i++)
            if (value[i] == '\\') i++;
            else if (value[i] == '"') return i;
        return -1;
    }

    private static string Unquoted(string value, int line)
    {
        if (value is not ['"' or '\'', ..]) return value;
        var end = End(value);
        if (value[(end + 1)..].Trim() is { Length: > 0 } rest && rest[0] != '#') throw Malformed(line, "there is more after its closing quote");
        return value[0] == '\'' ? value[1..end] : Unescaped(value[1..end]);
    }

    private static string Unescaped(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (text[i] != '\\' || i + 1 == text.Length) result.Append(text[i]);
            else
                _ = text[++i] switch
                {
                    'n' => result.Append('\n'),
                    'r' => result.Append('\r'),
                    't' => result.Append('\t'),
                    '"' or '\\' => result.Append(text[i]),
                    _ => result.Append('\\').Append(text[i]),
                };
        return result.ToString();
    }

    /// <summary>Names the line and never quotes it: it holds a secret.</summary>
    private static ProblemException Malformed(int line, string why) => new Problem(
        ProblemCode.Environment, $"Line {line} of standard input is not KEY=value: {why}. Nothing was changed.", Kind: ProblemKind.Usage).ToException();
}
