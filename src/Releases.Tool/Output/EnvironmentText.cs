using System.Buffers;
using System.Text;

namespace Releases.Tool;

/// <summary>Variables as lines of <c>KEY=value</c>, in the manner of a .env file: what is printed can be read again.</summary>
internal static class EnvironmentText
{
    /// <summary>The characters that are read of a source at most: far more than an environment may have.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Why a line is not a variable that has no sign between name and value.</summary>
    public const string NoEquals = "it has no '='";

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:,@%+=^");

    /// <summary>One variable; quoted where another reader of such files, or <c>sh</c>, would take a plain line for something
    /// else.</summary>
    public static string Line(string key, string value) => $"{key}={(NeedsQuotes(value) ? Quoted(value) : value)}";

    /// <summary>
    /// Reads lines. Blank ones and comments (<c>#</c>) are left out, and so is <c>export</c>. A value in single quotes or backticks is
    /// taken as it is, one in double quotes with <c>\n \r \t \" \\ \$ \`</c>; all may go over several lines. Any other is trimmed and ends
    /// before a <c>#</c> that follows a space. Nothing is expanded. Of a key that stands there twice the last counts.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">What it is, for people: <c>standard input</c>, <c>'.env'</c>.</param>
    /// <param name="note">Takes what is skipped or may be meant otherwise, with its line.</param>
    /// <param name="malformed">Called with the number of every line that is not one, and why; null: the first fails.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(TextReader reader, string source, Action<string>? note = null,
        Action<int, string>? malformed = null)
    {
        try
        {
            var lines = new EnvironmentLines(reader, source, malformed);
            List<KeyValuePair<string, string>> variables = [.. lines.Variables()];
            foreach (var one in lines.Notes(variables)) note?.Invoke(one);
            return variables;
        }
        catch (DecoderFallbackException)
        {
            throw NotText(source);
        }
    }

    /// <summary>What a source holds is no text.</summary>
    public static ProblemException NotText(string source) => new Problem(
        ProblemCode.Environment, $"{source} isn't UTF-8 text. Nothing changed.",
        "Convert it, or encode binary values, for example as base64.", ProblemKind.Usage).ToException();

    /// <summary>A source holds far more than an environment may have.</summary>
    public static ProblemException TooMuch(string source) => new Problem(
        ProblemCode.Environment,
        $"{source} is larger than an environment can be, which is {EnvironmentSet.MaximumBytes} bytes. Nothing changed.",
        "Keep large values in files or a secret store.", ProblemKind.Usage).ToException();

    private static bool NeedsQuotes(string value) => value.AsSpan().ContainsAnyExcept(Plain);

    /// <summary>In single quotes where that can be, as all readers take these alike.</summary>
    private static string Quoted(string value) => value.AsSpan().ContainsAny('\'', '\r')
        ? $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("$", "\\$").Replace("`", "\\`").Replace("\r", "\\r")}\""
        : $"'{value}'";
}
