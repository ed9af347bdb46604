using System.Text;

namespace Releases;

/// <summary>
/// Resolves <c>${NAME}</c> in a text, with the operators of shells and Compose: <c>:-</c> and <c>-</c> (default), <c>:+</c> and <c>+</c>
/// (alternative), <c>:?</c> and <c>?</c> (required). <c>$${</c> stands for the text <c>${</c>.
/// </summary>
internal static class Interpolation
{
    private const string Begin = "${";
    private static readonly string[] Operators = [":-", ":+", ":?", "-", "+", "?"];

    /// <summary>Determines whether a text refers to a variable.</summary>
    public static bool HasAny(string? text) => text is not null && text.Contains(Begin, StringComparison.Ordinal);

    /// <summary>Determines whether a text refers to this variable.</summary>
    public static bool RefersTo(string text, string name)
    {
        return Has(Parts(text));

        bool Has(IEnumerable<Part> parts) => parts.Any(p => p.Name == name || Has(p.Operand));
    }

    /// <summary>Returns the text with its variables resolved.</summary>
    /// <param name="text">The text.</param>
    /// <param name="find">Returns the value of a variable, or null if it has none.</param>
    /// <param name="missing">Receives each variable that is required and has no value; its reference stays as it is.</param>
    public static string Resolve(string text, Func<string, string?> find, Action<string> missing) =>
        HasAny(text) ? Text(Parts(text), find, missing) : text;

    /// <summary>Returns the first text that begins like a reference but isn't one, or null if there is none.</summary>
    public static string? FindInvalid(string text)
    {
        var at = 0;
        while ((at = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0)
        {
            if (at > 0 && text[at - 1] == '$')
            {
                at += Begin.Length;
                continue;
            }

            var from = at;
            if (Reference(text, ref at) is null) return text[from..(text.IndexOf('}', from) is var end and >= 0 ? end + 1 : text.Length)];
        }

        return null;
    }

    private static string Text(IEnumerable<Part> parts, Func<string, string?> find, Action<string> missing) =>
        string.Concat(parts.Select(p => p.Name is null ? p.Source : Value(p, find, missing)));

    private static string Value(Part part, Func<string, string?> find, Action<string> missing)
    {
        var value = find(part.Name!);
        var has = part.Operator is [':', ..] ? !string.IsNullOrEmpty(value) : value is not null;
        switch (part.Operator is [.., var kind] ? kind : '?')
        {
            case '-': return has ? value! : Text(part.Operand, find, missing);
            case '+': return has ? Text(part.Operand, find, missing) : "";
            default:
                if (!has) missing(part.Name!);
                return has ? value! : part.Source;
        }
    }

    private static List<Part> Parts(string text)
    {
        var at = 0;
        return Parts(text, ref at, nested: false);
    }

    private static List<Part> Parts(string text, ref int at, bool nested)
    {
        var (parts, literal) = (new List<Part>(), new StringBuilder());
        while (at < text.Length && !(nested && text[at] == '}'))
        {
            if (text.AsSpan(at).StartsWith("$${"))
            {
                literal.Append(Begin);
                at += 3;
                continue;
            }

            if (text.AsSpan(at).StartsWith(Begin) && Reference(text, ref at) is { } reference)
            {
                parts.Add(new(literal.ToString()));
                literal.Clear();
                parts.Add(reference);
                continue;
            }

            literal.Append(text[at++]);
        }

        parts.Add(new(literal.ToString()));
        return parts;
    }

    /// <summary>Reads and consumes the reference that begins here; returns null and consumes nothing if it isn't one.</summary>
    private static Part? Reference(string text, ref int at)
    {
        var (from, end) = (at, at + Begin.Length);
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '.')) end++;
        var name = text[(from + Begin.Length)..end];
        if (!EnvironmentSet.IsKey(name)) return null;
        var how = Operators.FirstOrDefault(o => text.AsSpan(end).StartsWith(o)) ?? "";
        end += how.Length;
        var operand = how.Length > 0 ? Parts(text, ref end, nested: true) : [];
        if (end >= text.Length || text[end] != '}') return null;
        at = end + 1;
        return new(text[from..at], name, how, operand);
    }

    private sealed record Part(string Source, string? Name = null, string Operator = "", IReadOnlyList<Part>? Inner = null)
    {
        public IReadOnlyList<Part> Operand => Inner ?? [];
    }
}
