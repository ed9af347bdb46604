using Releases.Testing;
using Xunit;

namespace Releases.Tests.Voice;

/// <summary>Messages, help, documents and comments keep to plain English: none has a phrase of banned-phrases.txt.</summary>
public sealed class VoiceTests
{
    private static readonly Dictionary<string, BannedPhrase> Phrases =
        File.ReadLines(Path.Combine(Repository.Root, "tests", "Releases.Tests", "Voice", "banned-phrases.txt"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(BannedPhrase.Parse)
            .ToDictionary(p => p.Text);

    public static TheoryData<string> Banned => [.. Phrases.Keys];

    [Theory]
    [MemberData(nameof(Banned))]
    public void No_text_for_people_has(string phrase)
    {
        var banned = Phrases[phrase];
        var read = banned.Left > 0 ? WrittenForPeople.Sources : WrittenForPeople.Sources.Concat(WrittenForPeople.Golden);
        var found = read.SelectMany(f => banned.LinesIn(f.Text).Select(line => $"{f.Path}:{line}: \"{phrase}\"")).ToList();
        Assert.True(found.Count <= banned.Left, $"""
            Write instead of "{phrase}": {banned.Instead}. {found.Count} found, {banned.Left} allowed for now:
            {string.Join('\n', found)}
            """);
    }

    [Fact]
    public void The_files_are_found()
    {
        Assert.Contains(WrittenForPeople.Sources, f => f.Path == "README.md");
        Assert.Contains(WrittenForPeople.Sources, f => f.Path == "docs/errors.md");
        Assert.Contains(WrittenForPeople.Sources, f => f.Path.EndsWith(".cshtml", StringComparison.Ordinal));
        Assert.True(WrittenForPeople.Sources.Count(f => f.Path.EndsWith(".cs", StringComparison.Ordinal)) > 300);
        foreach (var place in new[] { "src/Racks/KnownRacks.props", "Directory.Build.props", ".editorconfig", ".github/workflows/ci.yml" })
            Assert.Contains(WrittenForPeople.Sources, f => f.Path == place);
        Assert.Contains(WrittenForPeople.Sources, f => f.Path.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(WrittenForPeople.Golden, f => f.Path.EndsWith("/says/promote.txt", StringComparison.Ordinal));
        Assert.Contains(WrittenForPeople.Golden, f => f.Path.EndsWith("/every-key.yml", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_test_only_its_comments_are_read()
    {
        var own = WrittenForPeople.Sources.Single(f => f.Path == "tests/Releases.Tests/Voice/VoiceTests.cs").Text;
        Assert.Contains("Messages, help, documents and comments keep to plain English", own, StringComparison.Ordinal);
        Assert.DoesNotContain("Assert", own, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("It goes on.", "goes on", true)]
    [InlineData("GOES\n    /// on", "goes on", true)]
    [InlineData("\"it goes \"\n    + $\"on\"", "goes on", true)]
    [InlineData("and 'x9' is none", "and * is none", true)]
    [InlineData("Say --yes to continue.", "say --*", true)]
    [InlineData("It undergoes on-site tests", "goes on", false)]
    [InlineData("going on", "goes on", false)]
    [InlineData("a and b is one; c is none", "and * is none", false)]
    public void A_phrase_is_found_by_whole_words_over_line_breaks(string text, string phrase, bool found) =>
        Assert.Equal(found, new BannedPhrase(phrase, "", 0).LinesIn(text).Any());

    [Fact]
    public void A_line_of_the_list_is_read_with_what_is_left() =>
        Assert.Equal(("goes on", "continues", 12),
            BannedPhrase.Parse("goes on => continues [12]") is { } p ? (p.Text, p.Instead, p.Left) : default);

    [Fact]
    public void A_line_without_a_remedy_is_refused() => Assert.Throws<FormatException>(() => BannedPhrase.Parse("goes on"));
}
