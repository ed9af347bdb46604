using System.Text;

namespace Releases.Tool;

/// <summary>Variables as lines of <c>KEY=value</c>, in the manner of a .env file: what is printed can be read again.</summary>
internal static class EnvironmentText
{
    /// <summary>The characters that are read of a source at most: far more than an environment may have.</summary>
    public const int Longest = 1024 * 1024;

    /// <summary>Why a line is not a variable that has no sign between name and value.</summary>
    public const string NoEquals = "it has no '='";

    /// <summary>One variable; quoted where a plain line would read back as something else.</summary>
    public static string Line(string key, string value) => $"{key}={(NeedsQuotes(value) ? Quoted(value) : value)}";

    /// <summary>
    /// Reads lines. Blank ones and comments (<c>#</c>) are left out, and so is <c>export</c>. A value in single quotes is taken as it
    /// is, one in double quotes with <c>\n \r \t \" \\</c>; both may go over several lines. Any other is trimmed and ends before
    /// a <c>#</c> that follows a space.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">What it is, for people: <c>standard input</c>, <c>'.env'</c>.</param>
    /// <param name="malformed">Called with the number of every line that is not one, and why; null: the first fails.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(TextReader reader, string source, Action<int, string>? malformed = null)
    {
        try
        {
            return [.. new Lines(reader, source, malformed).Variables()];
        }
        catch (DecoderFallbackException)
        {
            throw NotText(source);
        }
    }

    /// <summary>What a source holds is no text.</summary>
    public static ProblemException NotText(string source) => new Problem(
        ProblemCode.Environment, $"What {source} holds is not UTF-8 text. Nothing was changed.", "Convert it, or encode binary values, for example as base64.", ProblemKind.Usage).ToException();

    /// <summary>A source holds far more than an environment may have.</summary>
    public static ProblemException TooMuch(string source) => new Problem(
        ProblemCode.Environment, $"There is more in {source} than an environment can have: {EnvironmentSet.MaximumBytes} bytes. Nothing was changed.",
        "Keep large values in files or a secret store.", ProblemKind.Usage).ToException();

    private sealed class Lines(TextReader reader, string source, Action<int, string>? malformed)
    {
        private int _number;
        private int _read;

        public IEnumerable<KeyValuePair<string, string>> Variables()
        {
            while (Next() is { } line)
            {
                var text = (_number == 1 ? line.TrimStart('\uFEFF') : line).Trim();
                if (text.Length == 0 || text[0] == '#') continue;
                if (text.StartsWith("export ", StringComparison.Ordinal)) text = text["export ".Length..].TrimStart();
                var at = text.IndexOf('=', StringComparison.Ordinal);
                if (at < 0)
                {
                    Malformed(_number, NoEquals);
                    continue;
                }

                var key = text[..at].TrimEnd();
                // It may be part of a value: the second line of a key file, pasted without quotes.
                if (!EnvironmentSet.IsKey(key)) Malformed(_number, "what is before its '=' cannot be the name of a variable");
                else if (Value(text[(at + 1)..]) is { } value) yield return new(key, value);
            }
        }

        private string? Value(string raw)
        {
            var begun = raw.TrimStart();
            if (begun is not ['"' or '\'', ..]) return WithoutComment(raw).Trim();
            var (quote, first) = (begun[0], _number);
            var (value, line) = (new StringBuilder(), begun[1..]);
            int end;
            while ((end = End(line, quote)) < 0)
            {
                value.Append(line).Append('\n');
                if (Next() is { } more)
                {
                    line = more;
                    continue;
                }

                Malformed(first, "its quotes are not closed");
                return null;
            }

            if (line[(end + 1)..].Trim() is { Length: > 0 } rest && rest[0] != '#')
            {
                Malformed(first, "there is more after its closing quote");
                return null;
            }

            value.Append(line.AsSpan(0, end));
            return quote == '\'' ? value.ToString() : Unescaped(value.ToString());
        }

        private string? Next()
        {
            var line = reader.ReadLine();
            _number++;
            _read += line?.Length ?? 0;
            return _read <= Longest ? line : throw TooMuch(source);
        }

        /// <summary>Names the line and never quotes it: it holds a secret.</summary>
        private void Malformed(int line, string why)
        {
            if (malformed is null)
                throw new Problem(ProblemCode.Environment, $"Line {line} of {source} is not KEY=value: {why}. Nothing was changed.", Kind: ProblemKind.Usage).ToException();
            malformed(line, why);
        }
    }

    private static bool NeedsQuotes(string value) =>
        value.Length > 0 && (value[0] is '"' or '\'' || value.Trim() != value || value.AsSpan().ContainsAny('\n', '\r') || WithoutComment(value) != value);

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r")}\"";

    /// <summary>Where the closing quote is on this line, or -1.</summary>
    private static int End(string line, char quote)
    {
        for (var i = 0; i < line.Length; i++)
            if (line[i] == '\\' && quote == '"') i++;
            else if (line[i] == quote) return i;
        return -1;
    }

    private static string WithoutComment(string value)
    {
        for (var i = 0; i < value.Length; i++)
            if (value[i] == '#' && i > 0 && char.IsWhiteSpace(value[i - 1])) return value[..i].TrimEnd();
        return value;
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
}
