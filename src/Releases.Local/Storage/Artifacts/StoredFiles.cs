using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// Stores the files of all artifacts, each once: <c>files/&lt;2 hex&gt;/&lt;62 hex&gt;</c> by the SHA-256 of the content, with <c>-exec</c>
/// if executable. An artifact's folder has hard links to the same files, so it is complete without this folder, and a file that no artifact
/// uses any longer has one link left. On file systems without hard links, each artifact has its own copies.
/// </summary>
internal sealed class StoredFiles(LocalHome home)
{
    private const string ExecutableSuffix = "-exec";
    private const int AlreadyExists = 17;
    private const int TooManyNames = 31;

    /// <summary>Returns the path of the stored file with this content.</summary>
    public string PathOf(PublishEntry entry) =>
        Path.Combine(home.Files, entry.Sha256![..2], entry.Sha256[2..] + (entry.Executable ? ExecutableSuffix : ""));

    /// <summary>
    /// Creates a hard link to a stored file. Returns false if the content isn't stored. A stored file that doesn't match its name is
    /// deleted, and so is one with as many links as the file system allows, so that the content is stored again.
    /// </summary>
    /// <param name="entry">The entry, with its digest.</param>
    /// <param name="name">The path of the new link.</param>
    /// <param name="isKnown">Determines whether a stored file was verified before and hasn't changed since; otherwise it is read.</param>
    /// <param name="cancel">A token that cancels the reading.</param>
    public bool TryName(PublishEntry entry, string name, Func<FileStat, bool> isKnown, CancellationToken cancel)
    {
        var file = PathOf(entry);
        if (FileStat.Of(file) is not { } stat) return false;
        if (IsRight(entry, file, stat, isKnown, cancel) && Link(file, name) is var error and not TooManyNames) return error == 0;
        File.Delete(file);
        return false;
    }

    /// <summary>
    /// Makes an artifact's file the stored file of its content, unless one already exists. The file must have the mode of stored files,
    /// and its digest must have been read from it.
    /// </summary>
    public Added Add(PublishEntry entry, string file)
    {
        if (FileStat.Of(file) is null) return Added.Unsupported;
        var name = PathOf(entry);
        HomeFolder.CreatePrivate(home.Files);
        HomeFolder.CreatePrivate(Path.GetDirectoryName(name)!);
        return Link(file, name) switch
        {
            0 => Added.This,
            AlreadyExists => IsShared(entry, file) ? Added.This : Added.Another,
            _ => Added.Unsupported,
        };
    }

    /// <summary>Determines whether an artifact's file is the stored file of its content.</summary>
    public bool IsShared(PublishEntry entry, string file) => FileStat.Of(file) is { } one && FileStat.Of(PathOf(entry))?.Inode == one.Inode;

    /// <summary>Returns the stored files that neither an artifact nor a running publish uses.</summary>
    public IEnumerable<FileInfo> Unnamed() => !Directory.Exists(home.Files) ? []
        : new DirectoryInfo(home.Files).EnumerateDirectories().SelectMany(d => d.EnumerateFiles())
            .Where(f => FileStat.Of(f.FullName) is { Links: 1 });

    /// <summary>
    /// Removes the files that no artifact uses, and returns the number of bytes freed. One that a publish links at the same moment stays in
    /// that artifact; the next publish then stores it again.
    /// </summary>
    public long RemoveUnnamed()
    {
        long freed = 0;
        foreach (var file in Unnamed())
        {
            // Another process may be removing the same files.
            freed += FileStat.Of(file.FullName)?.Bytes ?? 0;
            File.Delete(file.FullName);
            FailPoint.PassFiles();
        }

        return freed;
    }

    private static bool IsRight(PublishEntry entry, string file, FileStat stat, Func<FileStat, bool> isKnown, CancellationToken cancel) =>
        stat.Bytes == entry.Bytes && stat.Permissions == PublishEntry.Mode(entry.Executable, writable: false)
        && (isKnown(stat) || ContentDigest.Of(file, cancel) == entry.Sha256);

    private static int Link(string file, string name) => NativeProcess.link(file, name) == 0 ? 0 : Marshal.GetLastPInvokeError();
}

/// <summary>Specifies which file is the stored file of a content.</summary>
internal enum Added
{
    /// <summary>The given file.</summary>
    This,

    /// <summary>A file that was already stored.</summary>
    Another,

    /// <summary>None, because the file system doesn't support hard links.</summary>
    Unsupported,
}
