namespace Releases;

/// <summary>Represents why a file that a user named can't be written, and what to do about that cause.</summary>
/// <param name="Message">What is wrong: one sentence with its period.</param>
/// <param name="Remedy">What to do, without a period: <c>Create it, or choose another file</c>.</param>
public sealed record FileTarget(string Message, string Remedy)
{
    /// <summary>As many links in a row as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>Returns what prevents a file before anything is written to it; null if nothing is known to.</summary>
    /// <param name="path">The absolute path of the file.</param>
    public static FileTarget? Refused(string path)
    {
        if (Directory.Exists(path)) return new($"'{path}' is a folder.", "Name a file in it");
        if (SpecialFile.IsAt(path)) return new($"'{path}' is a device, a pipe or a socket, not a file.", "Choose a file");
        var target = Followed(path);
        if (SpecialFile.IsForeignLink(target)) return new($"'{target}' is a link of another user.", "Choose another file");
        var folder = Path.GetDirectoryName(target)!;
        if (Directory.Exists(folder)) return null;
        var existing = folder;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent) existing = parent;
        return Directory.Exists(existing)
            ? new($"there is no folder '{folder}'.", "Create it, or choose another file")
            : new($"'{existing}' is a file, not a folder.", "Choose another file");
    }

    /// <summary>
    /// Returns the file that a path leads to: what is written to a link goes to its target, and the link stays. A link of another user in a
    /// folder for everybody isn't followed.
    /// </summary>
    /// <param name="path">The absolute path of the file or link.</param>
    public static string Followed(string path)
    {
        try
        {
            for (var hops = 0; hops < MaxLinks && !SpecialFile.IsForeignLink(path)
                && File.ResolveLinkTarget(path, returnFinalTarget: false) is { } target; hops++)
                path = target.FullName;
            return path;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            // There is no file yet, or the write will fail and report why.
            return path;
        }
    }

    /// <summary>Returns why writing a file failed.</summary>
    /// <param name="failure">The failure: an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    /// <param name="path">The absolute path of the file.</param>
    public static FileTarget Failed(Exception failure, string path) => Refused(path) ?? failure switch
    {
        _ when DiskFailure.IsFull(failure) =>
            new($"the disk under '{path}' is full.", "Free some space, or choose a file on another disk"),
        _ when DiskFailure.IsReadOnly(failure) =>
            new($"'{path}' is on a read-only file system.", "Choose a file on another disk, or mount it for writing"),
        PathTooLongException => new($"'{path}' is too long for a path.", "Choose a shorter one"),
        UnauthorizedAccessException =>
            new($"this user can't write '{path}'.", "Give the user access to its folder, or choose another file"),
        _ => new($"'{path}' can't be written: {FailureReason.Of(failure)}.", "Choose another file"),
    };
}
