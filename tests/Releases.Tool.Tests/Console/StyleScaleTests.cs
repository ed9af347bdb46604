using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Four sizes of type, six steps of space and one set of colors, so that the pages look of one piece.</summary>
public sealed partial class StyleScaleTests
{
    [Fact]
    public void Every_size_and_every_space_is_a_step_of_the_scale()
    {
        var declarations = Styles().SelectMany(s => Declaration().Matches(s.Text))
            .Select(d => (Property: d.Groups[1].Value, Value: d.Groups[2].Value)).ToList();
        Assert.True(declarations.Count > 80, $"{declarations.Count} declarations were found");
        Assert.DoesNotContain(
            declarations, d => !IsStep(d.Property) && !IsPhoneField(d.Property, d.Value) && OwnLength().IsMatch(d.Value));
    }

    [Fact]
    public void Every_color_has_a_name_and_one_value_for_light_and_one_for_dark()
    {
        foreach (var (name, text) in Styles())
            Assert.Empty(Color().Matches(text).Select(c => c.Value.Trim()).Where(c => !IsStep(c) && !IsAnsi(c)).Select(c => (name, c)));
    }

    private static bool IsStep(string declaration) => declaration.StartsWith("--", StringComparison.Ordinal);

    /// <summary>What a phone doesn't zoom into is at least as large as a letter of a book.</summary>
    private static bool IsPhoneField(string property, string value) => property == "font-size" && value == "1rem !important";

    /// <summary>The colors that programs print in, of which two are nobody else's, and white on the one accent.</summary>
    private static bool IsAnsi(string declaration) =>
        declaration.StartsWith("color: light-dark", StringComparison.Ordinal) || declaration is "color: #fff" or "stroke: #fff";

    private static IEnumerable<(string Name, string Text)> Styles() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Releases.Tool", "Console", "Assets"), "*.css")
            .Select(f => (Path.GetFileName(f), File.ReadAllText(f)));

    [GeneratedRegex(@"([a-z-]*(?:font|font-size|padding|margin|gap|inset)[a-z-]*):\s*([^;}]+)")]
    private static partial Regex Declaration();

    /// <summary>A length other than none, a hair line, or one relative to the letters around.</summary>
    [GeneratedRegex(@"(?<![\w.-])(?!0px|[12]px)[\d.]+(?:rem|px)")]
    private static partial Regex OwnLength();

    [GeneratedRegex(@"[a-z-]+:[^;{}]*#[0-9a-f]{3,8}\b")]
    private static partial Regex Color();
}
