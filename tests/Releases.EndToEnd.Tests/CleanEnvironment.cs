using System.Collections;

namespace Releases.EndToEnd.Tests;

/// <summary>The variables that a test's own surroundings (the SDK that runs it, a CI, a developer's shell) would leak into what it
/// starts.</summary>
internal static class CleanEnvironment
{
    private static readonly string[] Prefixes = ["MSBUILD", "AWS_", "CONVOX_", "GITHUB_", "GITLAB_", "TF_BUILD", "BUILD_",
        "NUGET_PACKAGES", "TESTINGPLATFORM_", "DOTNET_CLI_USE_MSBUILD_SERVER", "GIT_", "OTEL_", "TRACEPARENT"];

    /// <summary>Those variables, each to be removed.</summary>
    public static IReadOnlyDictionary<string, string?> ForDotnet { get; } =
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => (string)e.Key)
            .Where(name => Prefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(name => name, _ => (string?)null);

    /// <summary>For build/pack.sh: packages from the cache that the tests were built with, and no MSBuild process that stays.</summary>
    public static IReadOnlyDictionary<string, string?> ForPacking { get; } = new Dictionary<string, string?>(ForDotnet)
    {
        ["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };
}
