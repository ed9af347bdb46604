namespace Releases;

/// <summary>Finds the address of the CI run that this process is part of.</summary>
public static class CiRun
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

    internal static string? GitHub(Func<string, string?> read) =>
        Joined(read("GITHUB_SERVER_URL"), "/", read("GITHUB_REPOSITORY"), "/actions/runs/", read("GITHUB_RUN_ID"));

    internal static string? GitLab(Func<string, string?> read) => read("CI_JOB_URL") ?? read("CI_PIPELINE_URL");

    internal static bool IsAzure(Func<string, string?> read) => string.Equals(read("TF_BUILD"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of the collection ends with a slash.</summary>
    internal static string? AzurePipelines(Func<string, string?> read) => Joined(
        read("SYSTEM_COLLECTIONURI"), "", read("SYSTEM_TEAMPROJECT") is { } project ? Uri.EscapeDataString(project) : null,
        "/_build/results?buildId=", read("BUILD_BUILDID"));

    /// <summary>Concatenates the parts, or returns null if one is missing.</summary>
    private static string? Joined(params string?[] parts) => parts.Contains(null) ? null : string.Concat(parts);
}
