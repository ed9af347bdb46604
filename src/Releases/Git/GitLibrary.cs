using LibGit2Sharp;

namespace Releases;

/// <summary>
/// What LibGit2Sharp says of a repository, where git itself is not installed. It knows no filters, and not every format. Its native
/// library is packed for Linux, as build machines elsewhere have git.
/// </summary>
internal static class GitLibrary
{
    /// <summary>What a submodule's own untracked files do not set.</summary>
    private const SubmoduleStatus ChangedModule =
        SubmoduleStatus.IndexAdded | SubmoduleStatus.IndexDeleted | SubmoduleStatus.IndexModified
        | SubmoduleStatus.WorkDirModified | SubmoduleStatus.WorkDirFilesIndexDirty | SubmoduleStatus.WorkDirFilesModified;

    private static readonly string[] Marks = ["filter=", "working-tree-encoding=", "ignore ="];

    /// <summary>The reason on a system that the library isn't packed for.</summary>
    private const string NotInstalled = "git is not installed";

    /// <summary>Reads everything; what the library cannot read is missing in the answer, with the reason.</summary>
    public static GitFacts Read(GitFolder git, string folder)
    {
        var facts = new GitFacts();
        try
        {
            using var repository = Open(git);
            if (repository.Info.IsBare || IsIgnored(repository, git.PathOf(folder))) return facts with { Unrelated = true };
            if (repository.Head.Tip is not { } tip) return facts with { Trouble = "its objects lack the commit" };
            facts = facts with { Commit = tip.Sha, Subject = Subject(tip) };
            return HasChanges(repository) switch
            {
                true when HasMore(repository) =>
                    facts with { Trouble = "its settings ask for what only git itself does, and git is not installed" },
                var changed => facts with { Changed = changed },
            };
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return facts with { Trouble = Reason(unreadable) };
        }
    }

    /// <summary>As <see cref="GitQueries.IsIgnored"/>.</summary>
    public static bool IsIgnored(GitFolder git, string folder)
    {
        try
        {
            using var repository = Open(git);
            return IsIgnored(repository, git.PathOf(folder));
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            // Whatever cannot be read ignores nothing.
            return false;
        }
    }

    public static Repository Open(GitFolder git)
    {
        Settings.Apply();
        return git.Stated
            ? new(git.Directory,
                new RepositoryOptions { WorkingDirectoryPath = git.Root, IndexPath = Path.Combine(git.Directory, "index") })
            : new(git.Root);
    }

    /// <summary>Also a system that has no native library for it.</summary>
    public static bool IsUnreadable(Exception failure) =>
        failure is LibGit2SharpException or TypeInitializationException or DllNotFoundException;

    private static string Reason(Exception unreadable) => unreadable.GetBaseException() is DllNotFoundException
        ? NotInstalled
        : $"{unreadable.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}, and git itself is not installed";

    private static bool IsIgnored(Repository repository, string path) =>
        path != "." && (repository.Ignore.IsPathIgnored(path)
            || repository.Config.Get<string>("status.showUntrackedFiles", ConfigurationLevel.Local)?.Value == "no")
        && !repository.Index.Any(entry => entry.Path.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>The library takes every message for UTF-8; what is lost by that is left out.</summary>
    private static string Subject(Commit tip) => tip.MessageShort.Contains('\uFFFD', StringComparison.Ordinal) ? "" : tip.MessageShort;

    private static bool HasChanges(Repository repository) =>
        repository.RetrieveStatus(new StatusOptions { IncludeUntracked = false, IncludeIgnored = false, ExcludeSubmodules = true }).IsDirty
        || repository.Submodules.Any(s => (s.RetrieveStatus() & ChangedModule) != 0);

    /// <summary>
    /// Whether what the library takes for a change may be none to git: filters, encodings, sparse checkouts, ignored submodules.
    /// </summary>
    private static bool HasMore(Repository repository) =>
        File.Exists(Path.Combine(repository.Info.Path, "info", "sparse-checkout"))
            || repository.Config.Any(entry => IsMore(entry.Key, entry.Value))
        || repository.Index.Where(entry => Path.GetFileName(entry.Path) is ".gitattributes" or ".gitmodules")
            .Select(entry => Path.Combine(repository.Info.WorkingDirectory, entry.Path))
            .Append(Path.Combine(repository.Info.Path, "info", "attributes"))
            .Any(path => File.Exists(path) && Marks.Any(File.ReadAllText(path).Contains));

    private static bool IsMore(string key, string value) =>
        key.StartsWith("filter.", StringComparison.Ordinal)
            || (key.StartsWith("submodule.", StringComparison.Ordinal) && key.EndsWith(".ignore", StringComparison.Ordinal))
        || key == "diff.ignoresubmodules" || (key == "core.ignorecase" && value == "true");

    /// <summary>Applied once. They load the native library, which a system may not have: a failure has to be one of reading.</summary>
    private static class Settings
    {
        static Settings()
        {
            // As in GitCommand: whose the repository is does not matter to a build.
            GlobalSettings.SetOwnerValidation(false);
            // They concern writing, or objects that a description doesn't need.
            GlobalSettings.SetExtensions("noop", "partialclone", "preciousobjects", "relativeworktrees", "worktreeconfig");
        }

        public static void Apply()
        {
        }
    }
}
