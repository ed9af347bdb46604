namespace Releases;

/// <summary>Where an app is built from, which distinguishes it from another folder of the same name.</summary>
public sealed record AppSource : Extensible
{
    /// <summary>The app's folder, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>The repository's remote as <c>host/path</c>, without who signs in; null: it has none, or there is no repository.</summary>
    public string? Remote { get; init; }

    /// <summary>The git directory that the repository's working trees share; null without a repository.</summary>
    public string? Repository { get; init; }

    /// <summary>The folder in the repository, with slashes.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Whether both are one app: the same folder of the same remote, whoever cloned it, or of the same repository, in any of its working
    /// trees; if that is unknown, the same folder.
    /// </summary>
    public bool IsSame(AppSource other)
    {
        if (Remote is not null && other.Remote is not null)
            return string.Equals(Remote, other.Remote, StringComparison.OrdinalIgnoreCase) && Path == other.Path;
        return Folder == other.Folder || (Repository is not null && Repository == other.Repository && Path == other.Path);
    }

    /// <summary>For people.</summary>
    public override string ToString() =>
        Remote is null ? Folder : Path is null or "." ? $"{Remote} ({Folder})" : $"{Path} of {Remote} ({Folder})";
}
