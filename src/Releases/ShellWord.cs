namespace Releases;

/// <summary>Quotes words of a command for a POSIX shell.</summary>
public static class ShellWord
{
    /// <summary>Returns the word as a shell takes it; quoted only where it has to be, so that a command stays readable.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_=.,:/@%+…<>".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
