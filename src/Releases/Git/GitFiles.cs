namespace Releases;

/// <summary>
/// What the files of a repository tell where git itself isn't installed. They are read for the commit's first line and for changed
/// files only; what a repository has beyond the usual formats is reported as unknown.
/// </summary>
internal static class GitFiles
{
    private const string NotInstalled = "git is not installed";

    /// <summary>Reads everything; what can't be read is missing in the answer, with the reason.</summary>
    /// <param name="git">The repository.</param>
    /// <param name="folder">The absolute path of a project's folder.</param>
    /// <param name="commit">The commit of <c>HEAD</c>; null: only git reads it.</param>
    /// <param name="variable">Looks a variable of the process's environment up.</param>
    public static GitFacts Read(GitFolder git, string folder, string? commit, Func<string, string?> variable)
    {
        try
        {
            var config = GitConfig.Read(git, variable);
            if (!HasWorkingTree(git, config) || IsIgnored(git, folder, config)) return new(Unrelated: true);
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return new(Trouble: $"{unreadable.Message.TrimEnd('.')}, and {NotInstalled}");
        }

        return commit is null ? new(Trouble: $"its references are kept in a form that only git reads, and {NotInstalled}") : Changes(git, commit, variable);
    }

    /// <summary>The commit's first line, and whether tracked files differ from it.</summary>
    internal static GitFacts Changes(GitFolder git, string commit, Func<string, string?> variable)
    {
        var facts = new GitFacts();
        try
        {
            var config = GitConfig.Read(git, variable);
            if (config.UnknownFormat() is { } format) return facts with { Trouble = $"{format}, and {NotInstalled}" };
            if (new GitObjects(git).Commit(commit) is not var (tree, subject)) return facts with { Trouble = "its objects lack the commit" };
            facts = facts with { Commit = commit, Subject = subject };
            return new GitStatus(git, config, GitIndex.Read(git), variable).HasChanges(tree) is { } changed
                ? facts with { Changed = changed }
                : facts with { Trouble = $"its settings ask for what only git itself does, and {NotInstalled}" };
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return facts with { Trouble = $"{unreadable.Message.TrimEnd('.')}, and {NotInstalled}" };
        }
    }

    /// <summary>As <see cref="GitQueries.IsIgnored"/>.</summary>
    public static bool IsIgnored(GitFolder git, string folder, Func<string, string?> variable)
    {
        try
        {
            return IsIgnored(git, folder, GitConfig.Read(git, variable));
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            // Whatever cannot be read ignores nothing.
            return false;
        }
    }

    /// <summary>Also a file that another program changes meanwhile.</summary>
    public static bool IsUnreadable(Exception failure) =>
        failure is FormatException or IOException or UnauthorizedAccessException or InvalidDataException;

    /// <summary>None if it is bare, or if its settings put the tree elsewhere.</summary>
    private static bool HasWorkingTree(GitFolder git, GitConfig config) => git.Stated || (!config.IsTrue("core.bare", otherwise: false)
        && (config.Own("core.worktree") is not { } tree || GitFolder.Physical(Path.GetFullPath(tree, git.Directory)) == GitFolder.Physical(git.Root)));

    private static bool IsIgnored(GitFolder git, string folder, GitConfig config)
    {
        var path = git.PathOf(folder);
        if (path == "." || (!GitIgnoreRules.Ignores(git, path) && config.Own("status.showuntrackedfiles") != "no")) return false;
        return !GitIndex.Read(git).Entries.Any(e => e.Path?.StartsWith(path + "/", StringComparison.Ordinal) == true);
    }
}
