namespace Releases;

/// <summary>Builds the address of a commit's web page at known hosts.</summary>
public static class CommitLink
{
    /// <summary>Returns the address, or null if the host is unknown or there is no commit.</summary>
    /// <param name="remote">The repository as <c>host/path</c>, as in <see cref="AppSource.Remote"/>, cloned by SSH or HTTPS.</param>
    /// <param name="commit">The full hash.</param>
    public static Uri? For(string? remote, string? commit) =>
        commit is { Length: > 0 } && commit.All(char.IsAsciiHexDigit) ? Of(remote, (host, path) => Page(host, path, commit)) : null;

    /// <summary>Returns the page with the commits between two, on GitHub and GitLab.</summary>
    public static Uri? Between(string? remote, string? from, string? to) =>
        from is { Length: > 0 } && to is { Length: > 0 } && from != to && from.All(char.IsAsciiHexDigit) && to.All(char.IsAsciiHexDigit)
            ? Of(remote, (host, path) =>
                Is(host, "github") ? $"https://{host}/{string.Join('/', path)}/compare/{from}...{to}"
                : Is(host, "gitlab") ? $"https://{host}/{string.Join('/', path)}/-/compare/{from}...{to}"
                : null)
            : null;

    /// <summary>Determines whether a repository, as <c>host/path</c>, is at a known host other than GitHub.</summary>
    public static bool IsElsewhereThanGitHub(string remote) =>
        remote.Split('/')[0].ToLowerInvariant() is var host && !Is(host, "github")
        && (Is(host, "gitlab") || Is(host, "bitbucket") || host == "dev.azure.com" || host == "ssh.dev.azure.com"
            || host.EndsWith(".visualstudio.com", StringComparison.Ordinal));

    private static Uri? Of(string? remote, Func<string, string[], string?> pageOf)
    {
        if (remote is null) return null;
        if (remote.Split('/', StringSplitOptions.RemoveEmptyEntries) is not [var host, .. { Length: > 1 } path]) return null;
        if (path.Any(p => p is "." or ".." || p.Any(char.IsControl))) return null;
        host = host.ToLowerInvariant();
        return pageOf(host, [.. path.Select(p => Uri.EscapeDataString(Uri.UnescapeDataString(p)))]) is { } page
            && Uri.TryCreate(page, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address : null;
    }

    private static string? Page(string host, string[] path, string commit)
    {
        // ssh.dev.azure.com/v3/organization/project/repository and vs-ssh.visualstudio.com/v3/… have no web pages.
        if (host is "ssh.dev.azure.com" or "vs-ssh.visualstudio.com")
            return path is ["v3", var organization, var project, var repository]
                ? Azure("dev.azure.com", [organization, project, "_git", repository], commit)
                : null;
        if (host is "dev.azure.com" || host.EndsWith(".visualstudio.com", StringComparison.Ordinal))
            return path.Contains("_git") ? Azure(host, path, commit) : null;
        if (Is(host, "github")) return $"https://{host}/{string.Join('/', path)}/commit/{commit}";
        if (Is(host, "gitlab")) return $"https://{host}/{string.Join('/', path)}/-/commit/{commit}";
        if (host == "bitbucket.org") return $"https://{host}/{string.Join('/', path)}/commits/{commit}";
        // Bitbucket Data Center clones from /scm/project/repository by HTTPS, and from project/repository by SSH.
        if (Is(host, "bitbucket") && path is [.., var key, var name] && (path.Length == 2 || path[^3] == "scm"))
            return $"https://{host}/projects/{key}/repos/{name}/commits/{commit}";
        return null;
    }

    private static string Azure(string host, string[] path, string commit) => $"https://{host}/{string.Join('/', path)}/commit/{commit}";

    /// <summary>Determines whether a host is the public one, or a company's own, whose name usually contains the product's.</summary>
    private static bool Is(string host, string product) => host == $"{product}.com" || host.Split('.').Contains(product);
}
