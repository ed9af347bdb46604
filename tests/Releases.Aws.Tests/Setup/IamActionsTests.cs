using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Setup;

/// <summary>What the program calls is what the documents and the template ask a reader to allow.</summary>
public sealed class IamActionsTests
{
    /// <summary>Only <c>rack init</c> does these, and not with the policy of who releases.</summary>
    private static readonly string[] NotForReleasing = ["CreateTable", "UpdateContinuousBackups", "CreateKey", "CreateAlias"];

    /// <summary>A transaction has no action of its own.</summary>
    private static readonly string[] Transaction = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"];

    private static readonly string[] Called =
        [.. CalledOperations.All.SelectMany(o => o is "TransactWriteItems" ? Transaction : [o]).Where(o => o != "GetCallerIdentity").Distinct().Order()];

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

    [Fact]
    public void The_policy_of_one_app_is_no_policy_of_an_app_whose_name_begins_the_same() =>
        Assert.DoesNotContain("${App}-*", File.ReadAllText(Path.Combine(Repository.Root, "docs", "rack.template.yml")), StringComparison.Ordinal);
}
