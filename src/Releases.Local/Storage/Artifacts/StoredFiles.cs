using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// The files of all artifacts, each once: <c>files/&lt;2 hex&gt;/&lt;62 hex&gt;</c> by the SHA-256 of the content, with <c>-exec</c> if
/// executable. An artifact's folder has further names of the same files (hard links), so it is whole without this folder, and a
/// file that no artifact has any longer has one name left. File systems without hard links keep a copy in each artifact.
/// </summary>
internal sealed class StoredFiles(LocalHome home)
{
    private const string ExecutableSuffix = "-exec";
    private const int AlreadyExists = 17;
    private const int TooManyNames = 31;

    /// <summary>Where a file with this content is, if it is stored.</summary>
    public string PathOf(PublishEntry entry) =>
        Path.Combine(home.Files, entry.Sha256![..2], entry.Sha256[2..] + (entry.Executable ? ExecutableSuffix : ""));

    /// <summary>
    /// Gives a stored file one more name. False if the content isn't stored. A stored file that isn't what its name says is dropped,
    /// and so is one that has as many names as the file system allows, so that the next one is stored again.
    /// </summary>
    /// <param name="entry">The file, with its digest.</param>
    /// <param name="name">The new name.</param>
    /// <param name="isKnown">Whether a stored file was found right before and hasn't changed since; else it is read.</param>
    /// <param name="cancel">Ends the reading.</param>
    public bool TryName(PublishEntry entry, string name, Func<FileStat, bool> isKnown, CancellationToken cancel)
    {
        var file = PathOf(entry);
        if (FileStat.Of(file) is not { } stat) return false;
        if (IsRight(entry, file, stat, isKnown, cancel) && Link(file, name) is var error and not TooManyNames) return error == 0;
        File.Delete(file);
        return false;
    }

    /// <summary>
    /// Makes a file of an artifact the stored file of its content, unless there is one. The file was made with the mode of stored
    /// files, and its digest was read from it.
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

    /// <summary>Whether a file of an artifact is the stored file of its content.</summary>
    public bool IsShared(PublishEntry entry, string file) => FileStat.Of(file) is { } one && FileStat.Of(PathOf(entry))?.Inode == one.Inode;

    /// <summary>The stored files that no artifact has, nor a publish that is running.</summary>
    public IEnumerable<FileInfo> Unnamed() => !Directory.Exists(home.Files) ? []
        : new DirectoryInfo(home.Files).EnumerateDirectories().SelectMany(d => d.EnumerateFiles())
            .Where(f => FileStat.Of(f.FullName) is { Links: 1 });

    /// <summary>
    /// Removes the files that no artifact has, and says how many bytes that freed. One that a publish names at the same moment stays
    /// in that artifact; only the next publish stores it once more.
    /// </summary>
    public long RemoveUnnamed()
    {
        long freed = 0;
        foreach (var file in Unnamed())
        {
            freed += file.Length;
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

/// <summary>Which file is the stored one of a content.</summary>
internal enum Added
{
    /// <summary>The one that was given.</summary>
    This,

    /// <summary>One that was there before.</summary>
    Another,

    /// <summary>None: the file system can't give a file two names.</summary>
    Unsupported,
}
