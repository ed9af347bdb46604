using LibGit2Sharp;

namespace Releases;

/// <summary>What git says of a folder: the commit and a release's description.</summary>
/// <param name="Commit">The full hash; null outside git and before the first commit.</param>
/// <param name="Description">For example <c>build 7329df90c1 this is my commit message</c>; empty without a commit.</param>
public sealed record GitDescription(string? Commit, string Description)
{
    private const int HexDigits = 10;

    /// <summary>What a submodule's own untracked files do not set.</summary>
    private const SubmoduleStatus Changed =
        SubmoduleStatus.IndexAdded | SubmoduleStatus.IndexDeleted | SubmoduleStatus.IndexModified
        | SubmoduleStatus.WorkDirModified | SubmoduleStatus.WorkDirFilesIndexDirty | SubmoduleStatus.WorkDirFilesModified;

    static GitDescription()
    {
        // Git refuses repositories of other users because their hooks and filters could run; nothing here runs any. A
        // build in a container that mounts the source is the usual case.
        GlobalSettings.SetOwnerValidation(false);
        // They concern who writes, or objects that a description does not need.
        GlobalSettings.SetExtensions("noop", "partialclone", "preciousobjects", "relativeworktrees", "worktreeconfig");
    }

    /// <summary>Reads the repository that a folder lies in; a description that was given wins over git's.</summary>
    /// <param name="folder">The absolute path of a project's folder.</param>
    /// <param name="given">What the person said; null: nothing.</param>
    public static GitDescription Of(string folder, string? given = null)
    {
        try
        {
            var (commit, description) = Read(folder);
            return new(commit, given ?? description);
        }
        catch (LibGit2SharpException) when (given is not null)
        {
            // The person has said what git would be asked for.
            return new(null, given);
        }
        catch (LibGit2SharpException unreadable)
        {
            var reason = unreadable.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new Problem(
                ProblemCode.Git, $"The git repository of {folder} cannot be read: {reason}.",
                "See what 'git status' and 'git fsck' say there, or give a description: -p:ConvoxDescription=<text>").ToException(unreadable);
        }
    }

    private static (string? Commit, string Description) Read(string folder)
    {
        // Repository.Discover finds nothing in a native program: the buffer of its answer does not come back.
        var around = Above(folder).FirstOrDefault(Repository.IsValid);
        if (around is null) return (null, "");
        using var repository = new Repository(around);
        // A bare repository has no working tree, so the folder is not part of what it holds.
        if (repository.Info.IsBare || repository.Head.Tip is not { } tip) return (null, "");
        return (tip.Sha, $"build {tip.Sha[..HexDigits]} {(HasChanges(repository) ? "with uncommitted changes" : Subject(tip))}".TrimEnd());
    }

    /// <summary>A folder and those that it lies in.</summary>
    private static IEnumerable<string> Above(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at)) yield return at;
    }

    private static bool HasChanges(Repository repository) =>
        repository.RetrieveStatus(new StatusOptions { IncludeUntracked = false, IncludeIgnored = false, ExcludeSubmodules = true }).IsDirty
        || repository.Submodules.Any(s => (s.RetrieveStatus() & Changed) != 0);

    private static string Subject(Commit tip) =>
        string.Concat(tip.MessageShort.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
}
