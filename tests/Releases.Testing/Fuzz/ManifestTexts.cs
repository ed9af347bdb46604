using System.Text;

namespace Releases.Testing;

/// <summary>Texts that somebody may have for a <c>convox.yml</c>: few are right. The same ones for the same seed.</summary>
public sealed class ManifestTexts(int seed)
{
    private static readonly string[] Right =
    [
        "environment:\n  - LOG=info\n  - URL\nservices:\n  web: &w\n    build: src/Web\n    port: 5000\n    health: { path: /up, grace: 5 }\n  worker:\n    <<: *w\n    command: [\"run\", \"-v\"]\n",
        "x-usual: &usual\n  scale: { count: 2, cpu: 256 }\n  deployment: { minimum: 25, maximum: 150, timeout: 90 }\nservices:\n  <<: { old: *usual }\n  web:\n    <<: [*usual, { drain: 5 }]\n    x-aws: { service: 'legacy ${X}', container: \"a\\tb\", base: family }\n",
        "services:\r\n  web:\r\n    release: |\r\n      migrate\r\n      seed\r\n    environment: [FOO, 'BAR=${X}', \"*\"]\r\n    termination: { grace: 45 }\r\n    singleton: true\r\n",
        "\uFEFFservices: { web: {}, api: ~, jobs: { image: \"redis@sha256:0\", domain: x } }\n",
    ];

    private static readonly string[] Keys =
        ["services", "environment", "web", "worker", "build", "port", "health", "path", "grace", "scale", "count", "deployment", "minimum",
            "timeout", "drain", "termination", "singleton", "release", "command", "x-aws", "domain", "<<", "x-a", "", "prot", "rack", "日本",
            "\"\\e[2J\"", "? [a]", "&k k"];

    private static readonly string[] Scalars =
        ["1", "-1", "99999999999999999999", "0x1F", "1e9", ".nan", "true", "~", "''", "'a''b'", "\"\\u0000\"", "\"\\ud800\"", "a b", "${X}",
            "'${X}'", "/", "[", "|\n  a\n", ">-\n  b\n", "!!int x", "!<tag:x> y", "!!binary AA==", "*", "*none", "&", "%", "@", "`",
            "- -", "#", ": :", "\t"];

    private static readonly string[] Pieces =
        [":", " ", "\n", "\r\n", "  ", "- ", "[", "]", "{", "}", ",", "&a ", "*a ", "!!map ", "|", ">", "'", "\"", "\\x", "%YAML 1.1\n",
            "%TAG ! tag:x:\n", "---\n", "...\n", "#", "? ", "@", "`", "\t", "\0", "\u0007", "\e[31m", "\u0085", "\u2028", "\uFEFF",
            "\uFFFE", "\ud800", "🦊", "<<: ", "<<: *a\n", "services:\n"];

    private readonly Random _random = new(seed);
    private int _anchors;

    public IEnumerable<string> Take(int count) => Enumerable.Range(0, count).Select(_ => Next());

    private string Next() => _random.Next(20) switch
    {
        < 8 => Mutated(One(Right)),
        < 14 => Structure(),
        < 17 => Soup(_random.Next(60)),
        17 => Bytes(),
        18 => Repeated(_random.Next(40) == 0 ? 260_000 : 3_000),
        _ => Bomb(),
    };

    private string Mutated(string text)
    {
        for (var changes = _random.Next(5); changes >= 0; changes--)
        {
            var at = _random.Next(text.Length + 1);
            var length = Math.Min(_random.Next(12), text.Length - at);
            text = _random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text[..at],
                3 => text.Replace("\n", One("\r\n", "\n\t", "\n ", "\r"), StringComparison.Ordinal),
                _ => text.Insert(at, One(Pieces)),
            };
        }

        return text;
    }

    /// <summary>Services of values that grow at random: deep, wide, anchored, named twice.</summary>
    private string Structure()
    {
        _anchors = 0;
        return $"x-0: {Value(0)}\nservices:\n  web: {Value(_random.Next(3))}\n  {One(Keys)}: {Value(1)}\n{One("", "environment: ", "services: ")}{Value(2)}\n";
    }

    private string Value(int depth)
    {
        var anchor = _random.Next(6) == 0 ? $"&a{_anchors++} " : "";
        var count = _random.Next(5);
        if (_random.Next(400) == 0) return anchor + new string('[', _random.Next(50_000));
        return anchor + (depth > 6 ? "x" : _random.Next(7) switch
        {
            0 => $"[{string.Join(", ", Enumerable.Range(0, count).Select(_ => Value(depth + 1)))}]",
            1 or 2 or 3 => $"{{ {string.Join(", ", Enumerable.Range(0, count).Select(_ => $"{One(Keys)}: {Value(depth + 1)}"))} }}",
            4 when _anchors > 0 => $"*a{_random.Next(_anchors)}",
            5 when _random.Next(20) == 0 => new string(One("x", "é", "\"")[0], _random.Next(100_000)),
            _ => One(Scalars),
        });
    }

    private string Soup(int pieces) =>
        string.Concat(Enumerable.Range(0, pieces).Select(_ => One(_random.Next(3) switch { 0 => Keys, 1 => Scalars, _ => Pieces })));

    /// <summary>A file of another kind, as it is read when nothing checks that it is text.</summary>
    private string Bytes()
    {
        var bytes = new byte[_random.Next(300)];
        _random.NextBytes(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private string Repeated(int length)
    {
        var piece = One(_random.Next(2) == 0
            ? Pieces
            : ["- ", "[", "{a: ", "? ", "a: b\n", "&a ", "- - ", "a:\n ", "'", "\"\\", "!!a ", "<<: ", "# x\n", "- *a\n", "x"]);
        return One("", "services:\n  web: ", "x-a: &a 1\n") + string.Concat(Enumerable.Repeat(piece, length / piece.Length));
    }

    /// <summary>A document that is small and would be huge with its aliases resolved.</summary>
    private string Bomb()
    {
        var (levels, width) = (_random.Next(2, 60), _random.Next(2, 12));
        var text = new StringBuilder("x-0: &a0 { drain: 1 }\n");
        for (var i = 1; i < levels; i++)
        {
            var aliases = string.Join(", ", Enumerable.Repeat($"*a{i - 1}", width));
            text.Append($"x-{i}: &a{i} ").Append(_random.Next(2) == 0 ? $"[{aliases}]\n" : $"{{ <<: [{aliases}], d: *a{i - 1} }}\n");
        }

        return text.Append($"services: {{ web: *a{levels - 1} }}\n").ToString();
    }

    private string One(params string[] of) => of[_random.Next(of.Length)];
}
