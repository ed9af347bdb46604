namespace Releases;

/// <summary>Represents the source that an app is built from, which distinguishes it from another folder of the same name.</summary>
public sealed record AppSource : Extensible
{
    /// <summary>The absolute path of the app's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The repository's remote as <c>host/path</c>, without the user; null if there is no remote or no repository.</summary>
    public string? Remote { get; init; }

    /// <summary>The git directory that the repository's working trees share, or null without a repository.</summary>
    public string? Repository { get; init; }

    /// <summary>The path of the folder in the repository, with slashes.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Determines whether both are sources of the same app: the same folder of the same remote, in any clone, or of the same repository, in
    /// any of its working trees; if that is unknown, the same folder.
    /// </summary>
    public bool IsSame(AppSource other)
    {
        if (Remote is not null && other.Remote is not null)
            return string.Equals(Remote, other.Remote, StringComparison.OrdinalIgnoreCase) && Path == other.Path;
        return Folder == other.Folder || (Repository is not null && Repository == other.Repository && Path == other.Path);
    }

    /// <summary>Returns the source for display.</summary>
    public override string ToString() =>
        Remote is null ? Folder : Path is null or "." ? $"{Remote} ({Folder})" : $"{Path} of {Remote} ({Folder})";
}
