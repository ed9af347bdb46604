namespace Releases;

/// <summary>A repository as the file system shows it, before anything is asked about it.</summary>
/// <param name="Root">The root of the working tree.</param>
/// <param name="Directory">Its git directory: <c>.git</c>, or what the file <c>.git</c> names in a worktree and a submodule.</param>
/// <param name="Stated">Whether the environment names both, so that the repository's own settings of them do not count.</param>
internal sealed record GitFolder(string Root, string Directory, bool Stated = false)
{
    private const string Pointer = "gitdir: ";

    /// <summary>The repository that a folder is in, found as git finds it; null outside of one. Runs nothing.</summary>
    /// <param name="folder">The absolute path.</param>
    /// <param name="variable">Looks a variable of the process's environment up.</param>
    public static GitFolder? Find(string folder, Func<string, string?> variable)
    {
        var real = Physical(folder);
        return FromEnvironment(real, variable) ?? Above(real).Select(At).FirstOrDefault(found => found is not null);
    }

    /// <summary>Whether git itself would take the directory for one; of a pointer to nowhere it would not.</summary>
    public bool IsThere =>
        File.Exists(Path.Combine(Directory, "HEAD")) || new FileInfo(Path.Combine(Directory, "HEAD")).LinkTarget is not null;

    /// <summary>A folder of the working tree as git writes its path: relative to the root, with slashes.</summary>
    public string PathOf(string folder) => Path.GetRelativePath(Root, Physical(folder)).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Where the references of all working trees are.</summary>
    public string Common()
    {
        var file = Path.Combine(Directory, "commondir");
        return File.Exists(file) ? Path.GetFullPath(File.ReadAllText(file).Trim(), Directory) : Directory;
    }

    /// <summary>
    /// What <c>GIT_DIR</c> and <c>GIT_WORK_TREE</c> say together. A hook of git leaves the first alone in the environment, often as a
    /// path relative to where it began, so by itself it says nothing of this folder.
    /// </summary>
    private static GitFolder? FromEnvironment(string folder, Func<string, string?> variable)
    {
        if (variable("GIT_DIR") is not { Length: > 0 } directory || variable("GIT_WORK_TREE") is not { Length: > 0 } tree) return null;
        var stated = new GitFolder(Physical(Path.GetFullPath(tree)), Path.GetFullPath(directory), Stated: true);
        return stated.IsThere && Above(folder).Contains(stated.Root, StringComparer.Ordinal) ? stated : null;
    }

    /// <summary>The repository whose root a folder is; null: it is none's.</summary>
    public static GitFolder? At(string folder)
    {
        var git = Path.Combine(folder, ".git");
        if (System.IO.Directory.Exists(git)) return new GitFolder(folder, git) is { IsThere: true } own ? own : null;
        if (!File.Exists(git)) return null;
        using var reader = new StreamReader(git);
        return reader.ReadLine() is { } line && line.StartsWith(Pointer, StringComparison.Ordinal) && line.Length > Pointer.Length
            ? new(folder, Path.GetFullPath(line[Pointer.Length..].TrimEnd(), folder))
            : null;
    }

    /// <summary>A folder and those that it is in.</summary>
    private static IEnumerable<string> Above(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at)) yield return at;
    }

    /// <summary>The path without links, as git sees the folder that it works in.</summary>
    public static string Physical(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Path.GetDirectoryName(full) is not { } above) return full;
        var path = Path.Combine(Physical(above), Path.GetFileName(full));
        // A missing folder leads nowhere, and is no reason to stop a release.
        return System.IO.Directory.Exists(path)
            && System.IO.Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName is { } target ? Physical(target) : path;
    }
}
