using System.Text.RegularExpressions;
using Releases.Testing;

namespace Releases.Aws.Tests.Setup;

/// <summary>The operations of AWS that the program calls, by its source.</summary>
internal static partial class CalledOperations
{
    /// <summary>A call to the SDK's own credentials, and the name of ECS Exec's agent in a task.</summary>
    private static readonly string[] NoOperations = ["GetCredentials", "ExecuteCommandAgent"];

    /// <summary>Each once.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Releases.Aws"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(f =>
                Operation().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value))
            .Where(o => !NoOperations.Contains(o)).Distinct().Order(),
    ];

    [GeneratedRegex(@"""((?:Describe|List|Register|Deregister|Update|Stop|Continue|Create|Put|Get|Batch|Filter|Restore|Delete|Run|Simulate|Execute)[A-Z][A-Za-z]+)""|\.((?:Describe|List|Register|Update|Create|Put|Get|Batch|Delete|Decrypt|Generate|Query|TransactWrite)[A-Za-z]*?)Async\(")]
    private static partial Regex Operation();
}
