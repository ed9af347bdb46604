using System.Text.RegularExpressions;
using Xunit;

namespace Releases.Tests.Voice;

/// <summary>A problem's message follows a prefix (<c>error CONVOX0003: </c>), so it begins in lower case, but for names.</summary>
public sealed partial class LetterCaseTests
{
    private static readonly string[] Names = ["Secrets Manager ", "DynamoDB ", "Application Auto Scaling ", "ConvoxToolPath ", "AWS ",
        "ECS ", "ECR ", "MSBuild ", "PORT "];

    [Fact]
    public void A_problems_message_begins_in_lower_case()
    {
        var messages = WrittenForPeople.Sources.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(f => Message().Matches(f.Text).Select(m => (f.Path, Text: m.Groups[1].Value))).ToList();
        Assert.True(messages.Count > 150, $"{messages.Count} messages were found");
        Assert.DoesNotContain(messages,
            m => char.IsAsciiLetterUpper(m.Text[0]) && !Names.Any(n => m.Text.StartsWith(n, StringComparison.Ordinal)));
    }

    /// <summary>The text behind the code of a problem, and behind the status of a refused request.</summary>
    [GeneratedRegex("""(?:ProblemCode\.\w+|RefusedException\(\s*\w+\.\w+),\s*\$?@?"([^"]+)""")]
    private static partial Regex Message();
}
