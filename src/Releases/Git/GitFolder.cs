namespace Releases;

/// <summary>Represents a repository as found in the file system, before git is run.</summary>
/// <param name="Root">The root of the working tree.</param>
/// <param name="Directory">
/// Its git directory: <c>.git</c>, or in a worktree or submodule the folder that the file <c>.git</c> names.
/// </param>
/// <param name="Stated">Whether the environment names both, which overrides the repository's own settings.</param>
internal sealed record GitFolder(string Root, string Directory, bool Stated = false)
{
    private const string Pointer = "gitdir: ";

    /// <summary>Returns the repository of a folder, found the way git finds it, or null outside of one. Runs nothing.</summary>
    /// <param name="folder">The absolute path.</param>
    /// <param name="variable">Looks up an environment variable of the process.</param>
    public static GitFolder? Find(string folder, Func<string, string?> variable)
    {
        var real = Physical(folder);
        return FromEnvironment(real, variable) ?? Above(real).Select(At).FirstOrDefault(found => found is not null);
    }

    /// <summary>Whether git itself would accept the directory as a repository; it wouldn't accept a pointer to a missing folder.</summary>
    public bool IsThere =>
        File.Exists(Path.Combine(Directory, "HEAD")) || new FileInfo(Path.Combine(Directory, "HEAD")).LinkTarget is not null;

    /// <summary>Returns the path of a folder in the working tree as git writes it: relative to the root, with slashes.</summary>
    public string PathOf(string folder) => Path.GetRelativePath(Root, Physical(folder)).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Returns the directory with the references that all working trees share.</summary>
    public string Common()
    {
        var file = Path.Combine(Directory, "commondir");
        return File.Exists(file) ? Path.GetFullPath(File.ReadAllText(file).Trim(), Directory) : Directory;
    }

    /// <summary>
    /// Returns the repository that <c>GIT_DIR</c> and <c>GIT_WORK_TREE</c> name together. Git sets only <c>GIT_DIR</c> for its hooks, often
    /// as a path relative to where it started, so that variable alone doesn't identify this folder's repository.
    /// </summary>
    private static GitFolder? FromEnvironment(string folder, Func<string, string?> variable)
    {
        if (variable("GIT_DIR") is not { Length: > 0 } directory || variable("GIT_WORK_TREE") is not { Length: > 0 } tree) return null;
        var stated = new GitFolder(Physical(Path.GetFullPath(tree)), Path.GetFullPath(directory), Stated: true);
        return stated.IsThere && Above(folder).Contains(stated.Root, StringComparer.Ordinal) ? stated : null;
    }

    /// <summary>Returns the repository whose root is the folder, or null if the folder isn't a root.</summary>
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

    /// <summary>Returns a folder and its ancestors.</summary>
    private static IEnumerable<string> Above(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at)) yield return at;
    }

    /// <summary>Returns the path with links resolved, as git sees its working folder.</summary>
    public static string Physical(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Path.GetDirectoryName(full) is not { } above) return full;
        var path = Path.Combine(Physical(above), Path.GetFileName(full));
        // A missing folder has no link target, and must not stop a release.
        return System.IO.Directory.Exists(path)
            && System.IO.Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName is { } target ? Physical(target) : path;
    }
}
