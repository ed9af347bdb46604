using System.Text;
using System.Text.Json;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>What is kept of output is bounded, however it is shaped.</summary>
public sealed class KeptOutputTests
{
    private static readonly Redactor Nothing = new([]);

    public static TheoryData<int, int, string> Shapes => new()
    {
        { 1, 3_000_000, "x" }, { 24, 2000,
            "x" }, { 100_000, 10, "ä" }, { 30, 500_000, "漢" }, { 20, 65_536, "🎈" }, { 20, 65_536, "\0" }, { 3, 1999, "é" }, { 0, 0, "" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_any_shape_little_is_kept_and_no_character_is_cut(int lines, int length, string of)
    {
        var printed = Enumerable.Range(0, lines).Select(_ => string.Concat(Enumerable.Repeat(of, length / of.Length))).ToList();
        var kept = KeptOutput.Lines(printed, Nothing);
        Assert.True(kept.Count <= 24 && kept.Sum(Encoding.UTF8.GetByteCount) <= 8 * 1024);
        Assert.All(kept, l => Assert.DoesNotContain(l.EnumerateRunes(), r => r == Rune.ReplacementChar));
        Assert.True(JsonSerializer.Serialize(KeptOutput.Reason(string.Concat(printed.Take(1)))).Length <= 12 * 1024 + 2);
    }

    [Fact]
    public void The_first_line_of_a_crash_and_the_last_line_stay()
    {
        List<string> printed = ["Unhandled exception. No database.", .. Enumerable.Repeat(new string('x', 5000), 20), "the end"];
        var kept = KeptOutput.Lines(printed, Nothing);
        Assert.Equal(("Unhandled exception. No database.", "the end"), (kept[0], kept[^1]));
        Assert.All(kept.Skip(1).SkipLast(1), l => Assert.EndsWith("x…", l, StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_at_the_cut_is_not_half_kept()
    {
        var kept = KeptOutput.Lines([new string('x', 1990) + " s3cr3t-value-of-mine"], new([new("TOKEN", "s3cr3t-value-of-mine")]));
        Assert.DoesNotContain("s3cr", kept[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_command_that_prints_three_megabytes_leaves_a_small_record()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var next = await scenario.AddRelease("services:\n  web:\n    port: 80\n    release: ./migrate\n");
        scenario.Engine.Releases = (_, _) => Task.FromResult(new CommandEnd(3, [new string('ä', 3_000_000)]));
        var ended = await scenario.Promote(next);
        Assert.EndsWith("ä…", Assert.Single(ended.ReleaseCommands.Single().LastLines), StringComparison.Ordinal);
        Assert.True(JsonSerializer.SerializeToUtf8Bytes(ended, StoreJson.Default.Promotion).Length < 10_000);
    }
}
