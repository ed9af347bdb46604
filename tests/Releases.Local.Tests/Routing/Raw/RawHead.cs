using System.Text;

namespace Releases.Local.Tests;

/// <summary>A head as lines, read in the plainest way, so that two can be compared but for what belongs to one hop.</summary>
internal sealed record RawHead(string First, IReadOnlyList<string> Lines)
{
    private static readonly string[] OfOneHop = ["connection", "keep-alive", "te", "transfer-encoding", "upgrade", "proxy-connection"];

    public static RawHead Of(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message);
        var head = text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end ? end : text.Length)];
        var lines = head.Replace("\r\n ", "   ", StringComparison.Ordinal)
            .Replace("\r\n\t", "  \t", StringComparison.Ordinal).Split("\r\n");
        return new(lines[0], lines[1..]);
    }

    /// <summary>Those that go all the way, without what the router says of the client.</summary>
    public IReadOnlyList<string> EndToEnd =>
        [.. Lines.Where(l => !OfOneHop.Contains(Name(l)) && !Name(l).StartsWith("x-forwarded-", StringComparison.Ordinal))];

    public string? Value(string name) => Lines.Where(l => Name(l) == name).Select(l => l[(name.Length + 1)..].Trim()).FirstOrDefault();

    public IEnumerable<string> Values(string name) => Lines.Where(l => Name(l) == name).Select(l => l[(name.Length + 1)..].Trim());

    private static string Name(string line) => line[..Math.Max(0, line.IndexOf(':', StringComparison.Ordinal))].ToLowerInvariant();
}
