using System.Buffers;
using System.Text;

namespace Releases.Tool;

/// <summary>Reads and writes variables as <c>KEY=value</c> lines in the style of .env files; what is written can be read back.</summary>
internal static class EnvironmentText
{
    /// <summary>The maximum number of characters to read from a source, which is far more than an environment may have.</summary>
    public const int MaxLength = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The reason for rejecting a line without an equals sign.</summary>
    public const string NoEquals = "it has no '='";

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:,@%+=^");

    /// <summary>
    /// Formats a variable, quoted if other readers of such files, or <c>sh</c>, would interpret a plain line differently.
    /// </summary>
    public static string Line(string key, string value) => $"{key}={(NeedsQuotes(value) ? Quoted(value) : value)}";

    /// <summary>
    /// Reads variables. Blank lines, comments (<c>#</c>) and the word <c>export</c> are skipped. A value in single quotes or backticks is
    /// taken literally, and one in double quotes may contain <c>\n \r \t \" \\ \$ \`</c>; quoted values may span several lines. Other
    /// values are trimmed and end before a <c>#</c> that follows a space. Nothing is expanded. A repeated key stays in the list; its last
    /// value counts.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">The name of the source in messages: <c>standard input</c>, <c>'.env'</c>.</param>
    /// <param name="note">Receives notes about skipped lines and possible misunderstandings, with their line numbers.</param>
    /// <param name="malformed">Receives the number of each malformed line and the reason, or null to fail on the first one.</param>
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

    /// <summary>Returns the text of a file, as it is.</summary>
    public static string ReadFile(string path, string source)
    {
        try
        {
            using var reader = new StreamReader(File.OpenRead(path), Strict);
            return ReadAll(reader, source);
        }
        catch (DecoderFallbackException)
        {
            throw NotText(source);
        }
    }

    /// <summary>Returns all the text of a source, as it is.</summary>
    public static string ReadAll(TextReader reader, string source)
    {
        var text = new char[MaxLength + 1];
        var length = reader.ReadBlock(text);
        return length < text.Length ? new string(text, 0, length) : throw TooMuch(source);
    }

    /// <summary>
    /// Returns a text as lines. If NUL ends each of its variables, as in the output of <c>env -0</c>, each of them becomes a line that is
    /// read as exactly that variable.
    /// </summary>
    public static string Lines(string text) => !text.EndsWith('\0') ? text : string.Join(
        '\n', text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=', 2) is [var key, var value]
            ? $"{key}=\"{Escaped(value).Replace("\n", "\\n", StringComparison.Ordinal)}\""
            : variable));

    /// <summary>Returns the problem of a source that isn't UTF-8 text.</summary>
    public static ProblemException NotText(string source) => new Problem(
        ProblemCode.Environment, $"{source} isn't UTF-8 text. Nothing changed.",
        "Convert it, or encode binary values, for example as base64.", ProblemKind.Usage).ToException();

    /// <summary>Returns the problem of a source that is larger than an environment may be.</summary>
    public static ProblemException TooMuch(string source) => new Problem(
        ProblemCode.Environment,
        $"{source} is larger than an environment can be, which is {EnvironmentSet.MaximumBytes} bytes. Nothing changed.",
        "Keep large values in files or a secret store.", ProblemKind.Usage).ToException();

    private static bool NeedsQuotes(string value) => value.AsSpan().ContainsAnyExcept(Plain);

    /// <summary>Quotes a value, in single quotes if possible, because all readers treat those alike.</summary>
    private static string Quoted(string value) => value.AsSpan().ContainsAny('\'', '\r')
        ? $"\"{Escaped(value)}\""
        : $"'{value}'";

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("$", "\\$").Replace("`", "\\`").Replace("\r", "\\r");
}
