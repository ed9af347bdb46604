using System.Text.RegularExpressions;
using Xunit;

namespace Releases.Tests.Voice;

/// <summary>A command that a text tells to run is whole, so that it can be copied.</summary>
public sealed class WholeCommandTests
{
    private static readonly string Commands =
        string.Join('|', Operation.All.Select(o => o.Name).Where(n => n.Contains(' ', StringComparison.Ordinal)));

    private static readonly Regex Bare = new($@"(?<=""[^""\n]*(?:: |'))(?:{Commands})(?=[ '""])", RegexOptions.CultureInvariant);

    [Fact]
    public void No_text_names_a_command_without_the_program()
    {
        var found = WrittenForPeople.Sources.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(f => f.Text.Split('\n').Where(l => Bare.IsMatch(l)).Select(l => $"{f.Path}: {l.Trim()}")).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("\"Name it: hooks add eventbridge:<bus>\"", true)]
    [InlineData("\"a kind that 'events' or 'env set' lists\"", true)]
    [InlineData("\"Name it: dotnet convox hooks add github\"", false)]
    public void It_is_found(string line, bool found) => Assert.Equal(found, Bare.IsMatch(line));
}
