using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Setup;

/// <summary>What the program calls is what the documents ask a reader to allow.</summary>
public sealed class IamActionsTests
{
    /// <summary>
    /// Only <c>rack init</c> needs these, or <c>rack check</c> where it may, or a hook on a bus that somebody names; the policy for releasing
    /// doesn't have them. Nor does it have a shell in the containers of every app, or what a verified service needs.
    /// </summary>
    private static readonly string[] NotForReleasing =
    [
        "CreateTable", "UpdateContinuousBackups", "CreateKey", "CreateAlias", "SimulatePrincipalPolicy", "GetRole", "PutEvents",
        "ExecuteCommand", "DescribeListeners", "DescribeLoadBalancers", "DescribeRules", "DescribeTargetHealth",
    ];

    /// <summary>A transaction has no action of its own.</summary>
    private static readonly string[] Transaction = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"];

    private static readonly string[] Called =
        [.. CalledOperations.All.SelectMany(o => o is "TransactWriteItems" ? Transaction : [o])
            .Where(o => o != "GetCallerIdentity").Distinct().Order()];

    public static TheoryData<string> Operations => [.. Called];

    /// <summary>What whoever publishes and promotes calls.</summary>
    internal static IEnumerable<string> ForReleasing => Called.Except(NotForReleasing);

    [Fact]
    public void They_are_found() => Assert.Contains("StopServiceDeployment", Called);

    /// <summary>What the policy of an app's template has of them: AppTemplatePolicyTests.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void Each_is_in_the_documents(string operation) =>
        Assert.Matches($@"\b{operation}\b", File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws.md")));
}
