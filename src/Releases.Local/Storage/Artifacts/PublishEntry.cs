namespace Releases.Local;

/// <summary>A file, a link or an empty folder.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Executable">Whether anybody may execute the file.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Target">Where a link points to; null for a file.</param>
internal sealed record PublishEntry(string Path, bool Executable, long Bytes, string? Target)
{
    /// <summary>The permissions that make a file executable.</summary>
    public const UnixFileMode ExecutableMode = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>A folder with nothing in it, which an app may write to.</summary>
    public bool IsEmptyFolder { get; init; }

    /// <summary>The digest of a file's content, in hex; null: not read yet.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What the system said about a file when it was looked at.</summary>
    public FileStat? Stat { get; init; }

    /// <summary>A file, not a link or an empty folder.</summary>
    public bool IsFile => Target is null && !IsEmptyFolder;

    /// <summary>Looks at a file; what isn't one, such as a pipe, is refused, since reading it may never end.</summary>
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

    /// <summary>The permissions of a stored file, or of a copy that its owner may write to.</summary>
    public static UnixFileMode Mode(bool executable, bool writable) =>
        ReadMode | (writable ? UnixFileMode.UserWrite : 0) | (executable ? ExecutableMode : 0);

    /// <summary>Copies a file, with its time; a clone where the file system can.</summary>
    public static void Copy(string from, string to, bool executable, bool writable)
    {
        File.Copy(from, to);
        SetMode(to, executable, writable);
    }

    /// <summary>Gives a file the permissions of a stored file, or of a copy that its owner may write to.</summary>
    public static void SetMode(string to, bool executable, bool writable)
    {
        if (OperatingSystem.IsWindows()) File.SetAttributes(to, writable ? FileAttributes.Normal : FileAttributes.ReadOnly);
        else File.SetUnixFileMode(to, Mode(executable, writable));
    }
}
