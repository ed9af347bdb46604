using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Finds the address of the CI run that this process is part of.</summary>
public static partial class CiRun
{
    /// <summary>Returns the address (GitHub, GitLab, Azure Pipelines), or null outside of these.</summary>
    /// <param name="variable">Looks up an environment variable of the process.</param>
    public static string? Address(Func<string, string?> variable)
    {
        string? Read(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;
        return Read("GITHUB_ACTIONS") is "true"
            ? GitHub(Read)
            : Read("GITLAB_CI") is "true" ? GitLab(Read) : IsAzure(Read) ? AzurePipelines(Read) : null;
    }

    /// <summary>Returns the address if it is one of a run, in the form that its system gives it, over HTTPS; else null.</summary>
    internal static Uri? Parse(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var run) && run.Scheme == Uri.UriSchemeHttps && run.UserInfo.Length == 0
        && RunPath().IsMatch(run.PathAndQuery) && run.Fragment.Length == 0 ? run : null;

    internal static string? GitHub(Func<string, string?> read) =>
        Joined(read("GITHUB_SERVER_URL"), "/", read("GITHUB_REPOSITORY"), "/actions/runs/", read("GITHUB_RUN_ID"));

    internal static string? GitLab(Func<string, string?> read) => read("CI_JOB_URL") ?? read("CI_PIPELINE_URL");

    internal static bool IsAzure(Func<string, string?> read) => string.Equals(read("TF_BUILD"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of the collection ends with a slash.</summary>
    internal static string? AzurePipelines(Func<string, string?> read) => Joined(
        read("SYSTEM_COLLECTIONURI"), "", read("SYSTEM_TEAMPROJECT") is { } project ? Uri.EscapeDataString(project) : null,
        "/_build/results?buildId=", read("BUILD_BUILDID"));

    /// <summary>A run of GitHub, a job or a pipeline of GitLab, or the results of Azure Pipelines, whatever the host.</summary>
    [GeneratedRegex(
        @"^/[^?]+(/actions/runs/[0-9]+|/-/(jobs|pipelines)/[0-9]+|/_build/results\?buildId=[0-9]+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RunPath();

    /// <summary>Concatenates the parts, or returns null if one is missing.</summary>
    private static string? Joined(params string?[] parts) => parts.Contains(null) ? null : string.Concat(parts);
}
