using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Setup;

/// <summary>What the program calls is what the documents and the template ask a reader to allow.</summary>
public sealed partial class IamActionsTests
{
    /// <summary>Only <c>rack init</c> and <c>apps delete</c> do these, and not with the policy of who releases.</summary>
    private static readonly string[] NotForReleasing = ["CreateTable", "UpdateContinuousBackups", "CreateKey", "CreateAlias", "DeleteSecret"];

    /// <summary>A transaction has no action of its own.</summary>
    private static readonly string[] Transaction = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"];

    private static readonly string[] Called =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Releases.Aws"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(f => Operation().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value))
            .SelectMany(o => o is "TransactWriteItems" ? Transaction : [o]).Where(o => o != "GetCallerIdentity").Distinct().Order(),
    ];

    public static TheoryData<string> Operations => [.. Called];

    [Fact]
    public void They_are_found() => Assert.Contains("StopServiceDeployment", Called);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Each_is_in_the_documents_and_in_the_policy_of_the_template(string operation)
    {
        Assert.Matches($@"\b{operation}\b", File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws.md")));
        if (NotForReleasing.Contains(operation)) return;
        Assert.Matches($"[a-z-]+:{operation}\"", File.ReadAllText(Path.Combine(Repository.Root, "docs", "rack.template.yml")));
    }

    [GeneratedRegex(@"""((?:Describe|List|Register|Deregister|Update|Stop|Create|Put|Get|Batch|Filter|Restore|Delete|Run|Simulate)[A-Z][A-Za-z]+)""|\.((?:Describe|List|Register|Update|Create|Put|Get|Batch|Delete|Decrypt|Generate|Query|TransactWrite)[A-Za-z]*?)Async\(")]
    private static partial Regex Operation();
}
