using System.Globalization;
using System.Text;

namespace Releases.Tool;

/// <summary>Reads the lines of a .env file.</summary>
internal sealed class EnvironmentLines(TextReader reader, string source, Action<int, string>? malformed = null)
{
    private readonly List<(int Line, string Key)> _skipped = [];
    private readonly List<(int Line, string Name)> _references = [];
    private int _number;
    private int _read;

    /// <summary>Returns the variables in the order of the lines, without those that the rack sets itself.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables()
    {
        while (Next() is { } line)
        {
            // Trim only the start: trailing space may belong to a value that continues on the next line.
            var text = (_number == 1 ? line.TrimStart('\uFEFF') : line).TrimStart();
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.StartsWith("export", StringComparison.Ordinal) && text.Length > 6 && char.IsWhiteSpace(text[6]))
                text = text["export".Length..].TrimStart();
            var (at, first) = (text.IndexOf('=', StringComparison.Ordinal), _number);
            if (at < 0)
            {
                Malformed(first, EnvironmentText.NoEquals);
                continue;
            }

            var key = text[..at].TrimEnd();
            // The key isn't quoted: it may be part of a value, such as the second line of a key file pasted without quotes.
            if (!EnvironmentSet.IsKey(key)) Malformed(first, "what is before its '=' isn't a valid variable name");
            else if (Value(text[(at + 1)..]) is not { } value) continue;
            else if (EnvironmentSet.IsReserved(key)) _skipped.Add((first, key));
            else yield return new(key, value);
        }
    }

    /// <summary>
    /// Returns notes about skipped variables and about references that other readers would expand. They name lines, never values.
    /// </summary>
    public IEnumerable<string> Notes(IReadOnlyCollection<KeyValuePair<string, string>> variables)
    {
        var keys = variables.Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (line, key) in _skipped)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Line {line} of {source}: {key} is skipped: the rack gives it to every process itself.");
        foreach (var (line, name) in _references.Where(r => keys.Contains(r.Name)))
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Line {line} of {source} refers to {name}: nothing is expanded here, so it is kept as text.");
    }

    private string? Value(string raw)
    {
        var begun = raw.TrimStart();
        if (begun is not ['"' or '\'' or '`', ..])
        {
            var plain = WithoutComment(raw).Trim();
            Note(plain);
            return plain;
        }

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
        if (quote != '"') return value.ToString();
        Note(value.ToString());
        return Unescaped(value.ToString());
    }

    /// <summary>Records what looks like references to other variables.</summary>
    private void Note(string text)
    {
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '$')
            {
                var from = text[i + 1] == '{' ? i + 2 : i + 1;
                var end = from;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
                _references.Add((_number, text[from..end]));
            }
        }
    }

    private string? Next()
    {
        var line = reader.ReadLine();
        _number++;
        _read += line?.Length ?? 0;
        return _read <= EnvironmentText.MaxLength ? line : throw EnvironmentText.TooMuch(source);
    }

    /// <summary>Reports a malformed line by its number, without quoting it: it may contain a secret.</summary>
    private void Malformed(int line, string why)
    {
        if (malformed is null)
            throw new Problem(ProblemCode.Environment, $"line {line} of {source} isn't KEY=value: {why}. Nothing changed.",
                Kind: ProblemKind.Usage).ToException();
        malformed(line, why);
    }

    /// <summary>Returns the index of the closing quote on a line, or -1.</summary>
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

    /// <summary>
    /// Unescapes a double-quoted value like a shell, which keeps backslashes before other characters, plus the escapes for line breaks and
    /// tabs that all readers know.
    /// </summary>
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
                    '"' or '\\' or '$' or '`' => result.Append(text[i]),
                    _ => result.Append('\\').Append(text[i]),
                };
        return result.ToString();
    }
}
