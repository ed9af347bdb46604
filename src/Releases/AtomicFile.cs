using System.Runtime.InteropServices;

namespace Releases;

/// <summary>
/// Writes files that readers always see complete: either the old content or the new content, never a mixture. The content is written next
/// to the file, under a name of its own, which is then renamed. Content and name are on the disk before a call returns.
/// </summary>
public static partial class AtomicFile
{
    private const string Part = ".part";

    /// <summary>Creates or replaces a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="content">The content.</param>
    /// <param name="mode">The mode of the file; the usual one if null.</param>
    /// <param name="isDurable">Whether to wait for the disk; false for a file whose readers notice that it isn't whole.</param>
    public static void Write(string file, ReadOnlySpan<byte> content, UnixFileMode? mode = null, bool isDurable = true)
    {
        var whole = PartOf(file);
        try
        {
            WritePart(whole, content, mode, isDurable);
            if (isDurable) Put(whole, file);
            else File.Move(whole, file, overwrite: true);
        }
        finally
        {
            Remove(whole);
        }
    }

    /// <summary>Creates a file, if it doesn't exist. If several processes do this at once, one wins.</summary>
    /// <returns><c>false</c> if it exists.</returns>
    public static bool TryCreate(string file, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        var whole = PartOf(file);
        try
        {
            WritePart(whole, content, mode, isDurable: true);
            Name(whole, file);
            FlushFolder(FolderOf(file));
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            return false;
        }
        finally
        {
            Remove(whole);
        }
    }

    /// <summary>Creates or replaces a file with what a function writes, and returns what the function does.</summary>
    /// <param name="file">The file.</param>
    /// <param name="write">Writes the content.</param>
    public static async Task<T> Write<T>(string file, Func<Stream, Task<T>> write)
    {
        var whole = PartOf(file);
        try
        {
            T result;
            await using (var to = new FileStream(whole, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                result = await write(to);
                await to.FlushAsync();
                RandomAccess.FlushToDisk(to.SafeFileHandle);
            }

            Put(whole, file);
            return result;
        }
        finally
        {
            Remove(whole);
        }
    }

    /// <summary>Puts a complete file, whose content is on the disk, in the place of another one, or where there is none.</summary>
    public static void Put(string whole, string file)
    {
        File.Move(whole, file, overwrite: true);
        FlushFolder(FolderOf(file));
    }

    /// <summary>Returns a name that no other write has.</summary>
    private static string PartOf(string file) => $"{file}.{Guid.NewGuid():N}{Part}";

    private static void WritePart(string whole, ReadOnlySpan<byte> content, UnixFileMode? mode, bool isDurable)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is { } wanted) options.UnixCreateMode = wanted;
        using var to = new FileStream(whole, options);
        to.Write(content);
        // Otherwise, after a power failure, the new name may have an empty file.
        if (isDurable) to.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Gives a complete file its name, never over another one: creating a hard link fails if the name exists, whereas moving a file checks
    /// first and then replaces.
    /// </summary>
    private static void Name(string whole, string file)
    {
        if (OperatingSystem.IsWindows()) File.Move(whole, file, overwrite: false);
        else if (link(whole, file) != 0) throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    /// <summary>The part is missing if its folder is; deleting it would then fail with an error that hides the first one.</summary>
    private static void Remove(string whole)
    {
        if (File.Exists(whole)) File.Delete(whole);
    }

    /// <summary>
    /// Waits until the names in a folder are on the disk. A folder that this user can't read, or that its file system doesn't flush, is
    /// left to the system.
    /// </summary>
    public static void FlushFolder(string folder)
    {
        // Windows writes names with the file's own metadata.
        if (OperatingSystem.IsWindows()) return;
        var opened = open(folder, ReadOnly);
        if (opened < 0) return;
        _ = fsync(opened);
        _ = close(opened);
    }

    private static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    private const int ReadOnly = 0;

#pragma warning disable IDE1006, CA5392 // The names of libc, which the system loads.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string name);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int file);

    [LibraryImport("libc")]
    private static partial int close(int file);
#pragma warning restore IDE1006, CA5392
}
