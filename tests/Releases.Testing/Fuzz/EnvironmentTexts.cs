namespace Releases.Testing;

/// <summary>Texts that somebody may have for a <c>.env</c> file. The same ones for the same seed.</summary>
public sealed class EnvironmentTexts(int seed)
{
    /// <summary>Is part of every value and of nothing else: whoever sees it sees a secret.</summary>
    public const string Secret = "s3cr3t";

    private static readonly string[] Starts = ["A", "B_2", "_c", "export D", "export  E", "exportF", "1G", "h-i", "PORT", "", " ",
        "#J", "É", "K\0", "A"];

    private static readonly string[] Ends = ["\n", "\r\n", "\r", "\n\n", "", "\u2028", "\n#\n", "\n  \t\n"];

    private static readonly string[] Pieces =
        [Secret, " ", "\t", "\u00a0", "'", "\"", "\\", "\\n", "\\\"", "\\x", "#", " #", "=", "==", "$HOME", "${X}", "`id`", "\n", "\r\n",
            "\0", "\u0007", "\e[31m", "\uFEFF", "\ud800", "🦊", "export ", "KEY=", ";", "+/"];

    private readonly Random _random = new(seed);

    public IEnumerable<string> Take(int count) => Enumerable.Range(0, count).Select(_ => Next());

    private string Next()
    {
        var lines = _random.Next(200) switch { 0 => 2_000, 1 => 0, _ => _random.Next(1, 8) };
        return One("", "", "\uFEFF", "\n")
            + string.Concat(Enumerable.Range(0, lines).Select(i => Line(lines > 1000 ? $"V{i}" : One(Starts))));
    }

    private string Line(string start) => start + One("=", "=", "=", " = ", "", ":") + Value() + One(Ends);

    private string Value()
    {
        if (_random.Next(2000) == 0) return new string('x', _random.Next(1_200_000));
        var quote = One("", "", "'", "\"");
        return quote + string.Concat(Enumerable.Range(0, _random.Next(6)).Select(_ => One(Pieces))) + (_random.Next(10) == 0 ? "" : quote);
    }

    private string One(params string[] of) => of[_random.Next(of.Length)];
}
