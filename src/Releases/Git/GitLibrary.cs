using LibGit2Sharp;

namespace Releases;

/// <summary>
/// Reads a repository with LibGit2Sharp if git isn't installed. It doesn't support filters, nor every format. Its native library is packed
/// for Linux only, because build machines with other systems have git.
/// </summary>
internal static class GitLibrary
{
    /// <summary>The changes to a submodule that count; its untracked files don't.</summary>
    private const SubmoduleStatus ChangedModule =
        SubmoduleStatus.IndexAdded | SubmoduleStatus.IndexDeleted | SubmoduleStatus.IndexModified
        | SubmoduleStatus.WorkDirModified | SubmoduleStatus.WorkDirFilesIndexDirty | SubmoduleStatus.WorkDirFilesModified;

    private static readonly string[] Marks = ["filter=", "working-tree-encoding=", "ignore ="];

    /// <summary>The reason on a system that the library isn't packed for.</summary>
    private const string NotInstalled = "git is not installed";

    /// <summary>Reads all facts; what the library can't read is omitted, with the reason.</summary>
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

    /// <summary>Determines whether the repository ignores the folder, as <see cref="GitQueries.IsIgnored"/> does.</summary>
    public static bool IsIgnored(GitFolder git, string folder)
    {
        try
        {
            using var repository = Open(git);
            return IsIgnored(repository, git.PathOf(folder));
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            // A repository that can't be read is treated as not ignoring the folder.
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

    /// <summary>Includes the failures on a system without the native library.</summary>
    public static bool IsUnreadable(Exception failure) =>
        failure is LibGit2SharpException or TypeInitializationException or DllNotFoundException;

    private static string Reason(Exception unreadable) => unreadable.GetBaseException() is DllNotFoundException
        ? NotInstalled
        : $"{unreadable.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}, and git itself is not installed";

    private static bool IsIgnored(Repository repository, string path) =>
        path != "." && (repository.Ignore.IsPathIgnored(path)
            || repository.Config.Get<string>("status.showUntrackedFiles", ConfigurationLevel.Local)?.Value == "no")
        && !repository.Index.Any(entry => entry.Path.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>The library decodes every message as UTF-8; a message that this damages is left out.</summary>
    private static string Subject(Commit tip) => tip.MessageShort.Contains('\uFFFD', StringComparison.Ordinal) ? "" : tip.MessageShort;

    private static bool HasChanges(Repository repository) =>
        repository.RetrieveStatus(new StatusOptions { IncludeUntracked = false, IncludeIgnored = false, ExcludeSubmodules = true }).IsDirty
        || repository.Submodules.Any(s => (s.RetrieveStatus() & ChangedModule) != 0);

    /// <summary>
    /// Determines whether git itself might not consider a reported change as one, because of filters, encodings, sparse checkouts or
    /// ignored submodules.
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

    /// <summary>
    /// Applied once, on first use. It loads the native library, which may be missing, so its failure has to surface as a failed read.
    /// </summary>
    private static class Settings
    {
        static Settings()
        {
            // As in GitCommand: the owner of the repository doesn't matter to a build.
            GlobalSettings.SetOwnerValidation(false);
            // These extensions concern writing, or objects that a description doesn't need.
            GlobalSettings.SetExtensions("noop", "partialclone", "preciousobjects", "relativeworktrees", "worktreeconfig");
        }

        public static void Apply()
        {
        }
    }
}
