namespace Releases;

/// <summary>Determines where an app's folder comes from.</summary>
public static class GitRemote
{
    /// <summary>Returns the folder, with its repository if it is part of one.</summary>
    /// <param name="folder">The absolute path of the app's folder.</param>
    /// <param name="variable">Looks up an environment variable of the process.</param>
    /// <param name="cancel">Cancels the query.</param>
    public static async Task<AppSource> SourceOf(string folder, Func<string, string?> variable, CancellationToken cancel = default)
    {
        var source = new AppSource { Folder = GitFolder.Physical(folder) };
        if (GitFolder.Find(folder, variable) is not { IsThere: true } git || GitDescription.IsUnrelated(git, folder, variable))
            return source;
        return source with
        {
            Remote = Name(await Address(git, variable, cancel)),
            Repository = GitFolder.Physical(git.Common()),
            Path = git.PathOf(folder)
        };
    }

    /// <summary>
    /// Normalizes an address in any of git's forms to <c>host/path</c>, so that clones by SSH and by HTTPS match. The user is left out,
    /// because a pipeline has a token there.
    /// </summary>
    internal static string? Name(string? address)
    {
        if (string.IsNullOrWhiteSpace(address)) return null;
        var text = address.Trim().Replace('\\', '/');
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var isAddress = scheme > 0;
        if (isAddress) text = text[(scheme + 3)..];
        var host = text.Split('/', 2)[0];
        if (host.LastIndexOf('@') is var at and >= 0) text = text[(at + 1)..];
        // The scp-like form, git@host:path. A number after the colon is a port, and a single letter before it is a drive.
        if (text.IndexOf(':', StringComparison.Ordinal) is var colon and > 1 && colon < text.Split('/', 2)[0].Length)
        {
            var after = text[(colon + 1)..].Split('/', 2);
            text = isAddress && after is [var port, var path] && port.All(char.IsAsciiDigit) ? $"{text[..colon]}/{path}" : isAddress
                ? text : $"{text[..colon]}/{text[(colon + 1)..].TrimStart('/')}";
        }

        text = text.TrimEnd('/');
        return text.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? text[..^4] : text;
    }

    private static async Task<string?> Address(GitFolder git, Func<string, string?> variable, CancellationToken cancel)
    {
        const string Key = "remote.origin.url";
        try
        {
            if (GitCommand.Find(variable) is { } program)
                return (await new GitCommand(program, git, TimeProvider.System).Ask(cancel, "config", "--get", Key)).Output;
            using var repository = GitLibrary.Open(git);
            return repository.Config.Get<string>(Key)?.Value;
        }
        catch (Exception unread) when (GitQueries.IsUnanswered(unread) || GitLibrary.IsUnreadable(unread))
        {
            // An unreadable repository has no known remote; the folder identifies the app instead.
            return null;
        }
    }
}
