using System.Text;

namespace Releases.Tool;

/// <summary>Reads data from standard input.</summary>
internal static class StandardInput
{
    /// <summary>The argument that stands for standard input.</summary>
    public const string Argument = "-";

    /// <summary>Reads it. A stream that is closed, a folder or not text is the user's redirection and isn't a bug.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="code">The code of the problem of an input that can't be read.</param>
    /// <param name="read">Reads the data.</param>
    public static T Read<T>(ITerminal terminal, string code, Func<TextReader, T> read)
    {
        try
        {
            return read(terminal.In);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            var reason = unread is UnauthorizedAccessException ? "it is closed or can't be opened" : FailureReason.Of(unread);
            throw Unread(code, $"can't be read: {reason}").ToException(unread);
        }
        catch (DecoderFallbackException binary)
        {
            throw Unread(code, "isn't UTF-8 text").ToException(binary);
        }
    }

    private static Problem Unread(string code, string why) => new(
        code, $"standard input {why}.", "Check where the input comes from.", ProblemKind.Usage, Unchanged: Problem.NothingChanged);
}
