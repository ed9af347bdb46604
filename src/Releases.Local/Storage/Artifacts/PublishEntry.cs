namespace Releases.Local;

/// <summary>Represents a file, a link or an empty folder.</summary>
/// <param name="Path">The relative path, with <c>/</c>.</param>
/// <param name="Executable">Whether the file is executable for anyone.</param>
/// <param name="Bytes">The size of the file, in bytes.</param>
/// <param name="Target">The target of a link, or null for a file.</param>
internal sealed record PublishEntry(string Path, bool Executable, long Bytes, string? Target)
{
    /// <summary>The permissions that make a file executable.</summary>
    public const UnixFileMode ExecutableMode = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Gets whether this is an empty folder, which an app may write to.</summary>
    public bool IsEmptyFolder { get; init; }

    /// <summary>Gets the digest of a file's content in hex, or null if it hasn't been read.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the file's status when it was examined.</summary>
    public FileStat? Stat { get; init; }

    /// <summary>Gets whether this is a file rather than a link or an empty folder.</summary>
    public bool IsFile => Target is null && !IsEmptyFolder;

    /// <summary>Examines a file. Fails if it isn't a regular file, such as a pipe, because reading it may never end.</summary>
    public static PublishEntry Of(FileInfo file, string path)
    {
        if (FileStat.Of(file.FullName) is not { } stat)
            return new(path, !OperatingSystem.IsWindows() && (file.UnixFileMode & ExecutableMode) != 0, file.Length, null);
        if (!stat.IsRegular)
        {
            throw PublishFolder.Incomplete(
                $"has '{path}', which is neither a file nor a folder", "Leave it out of the output, and publish again.").ToException();
        }

        return new(path, (stat.Permissions & ExecutableMode) != 0, stat.Bytes, null) { Stat = stat };
    }

    /// <summary>Returns the permissions of a stored file, or of a copy that its owner may write to.</summary>
    public static UnixFileMode Mode(bool executable, bool writable) =>
        ReadMode | (writable ? UnixFileMode.UserWrite : 0) | (executable ? ExecutableMode : 0);

    /// <summary>Copies a file with its timestamp, as a clone where the file system supports that.</summary>
    public static void Copy(string from, string to, bool executable, bool writable)
    {
        File.Copy(from, to);
        SetMode(to, executable, writable);
    }

    /// <summary>Sets the permissions of a stored file, or of a copy that its owner may write to.</summary>
    public static void SetMode(string to, bool executable, bool writable)
    {
        if (OperatingSystem.IsWindows()) File.SetAttributes(to, writable ? FileAttributes.Normal : FileAttributes.ReadOnly);
        else File.SetUnixFileMode(to, Mode(executable, writable));
    }
}
