using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Documents;

/// <summary>The core has the words of no user interface and of no rack: who shows or runs something has its own.</summary>
public sealed partial class LayerTests
{
    /// <summary>The texts in the core's code, without comments.</summary>
    private static readonly IReadOnlyList<(string File, string Text)> Texts =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Releases"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(f => Text().Matches(Comment().Replace(File.ReadAllText(f), "")).Select(m => (Path.GetFileName(f), m.Value))),
    ];

    [Fact]
    public void No_text_of_the_core_names_an_option() => Assert.Equal(
        [], Texts.Where(t => t.Text.Contains(" --", StringComparison.Ordinal) || Option().IsMatch(t.Text))
            .Where(t => !t.File.StartsWith("Git", StringComparison.Ordinal)));

    [Fact]
    public void The_program_is_named_only_where_a_record_or_a_file_has_it() => Assert.Equal(
        ["NewManifest.cs", "RecordedRemedy.cs"],
        Texts.Where(t => t.Text.Contains("dotnet convox", StringComparison.Ordinal)).Select(t => t.File).Order(StringComparer.Ordinal));

    [Fact]
    public void No_text_of_the_core_is_about_AWS()
    {
        Assert.NotEmpty(Texts);
        Assert.Equal([], Texts.Where(t => Aws().IsMatch(t.Text)));
    }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex("^\"--[a-z]")]
    private static partial Regex Option();

    [GeneratedRegex(@"\b(AWS|ECS|ECR|KMS|CloudWatch|DynamoDB|CloudFormation|Fargate|aws:)\b")]
    private static partial Regex Aws();
}
