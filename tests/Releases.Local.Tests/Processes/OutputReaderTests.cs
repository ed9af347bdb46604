using System.Text;
using Xunit;

namespace Releases.Local.Tests.Processes;

public sealed class OutputReaderTests
{
    [Theory]
    [InlineData("ä", 200_000)]
    [InlineData("漢", 100_000)]
    [InlineData("🎈", 100_000)]
    [InlineData("xä", 100_000)]
    [InlineData("x", 200_000)]
    public async Task A_long_line_is_cut_between_characters(string of, int times)
    {
        foreach (var before in (string[])["", "a", "ab", "abc"])
        {
            var line = before + string.Concat(Enumerable.Repeat(of, times));
            Assert.Equal(line, string.Concat(await Read(Encoding.UTF8.GetBytes(line + "\n"))));
        }
    }

    /// <summary>As a pipe hands over: pieces of any size, which end anywhere.</summary>
    [Fact]
    public async Task However_it_comes_it_reads_the_same()
    {
        var random = new Random(7);
        var text = string.Concat(Enumerable.Range(0, 3000)
            .Select(_ => random.Next(5) switch { 0 => "\n", 1 => "🎈", 2 => "ä", 3 => "漢字", _ => new string('x', random.Next(200)) }));
        for (var most = 1; most < 70_000; most = most * 3 + 1)
            Assert.Equal(text.Split('\n').SkipLast(text.EndsWith('\n') ? 1 : 0), await Read(Encoding.UTF8.GetBytes(text), most));
    }

    [Fact]
    public async Task What_is_no_text_stays_single_replacements_also_at_the_cut()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0xFF, 70_000), (byte)'\n', 0xE2, 0x82, (byte)'\n',
            .. Enumerable.Repeat((byte)0x80, 70_000)];
        var lines = await Read(bytes);
        Assert.Equal(70_000 + 1 + 70_000, string.Concat(lines).Count(c => c == '\uFFFD'));
    }

    private static async Task<List<string>> Read(byte[] bytes, int most = int.MaxValue)
    {
        var lines = new List<string>();
        await OutputReader.Read(new Piecewise(bytes, most), lines.Add);
        return lines;
    }

    private sealed class Piecewise(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
