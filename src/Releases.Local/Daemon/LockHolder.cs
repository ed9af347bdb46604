using System.Globalization;

namespace Releases.Local;

/// <summary>Represents the process that has a lock of a home, by the system's list of locks, which only Linux has.</summary>
/// <param name="ProcessId">The id of the process.</param>
/// <param name="IsDaemon">Whether it is a daemon; else it is a command that needs the home alone, such as a restore.</param>
internal sealed record LockHolder(int ProcessId, bool IsDaemon)
{
    /// <summary>Returns the process that has the home's lock, or null if there is none or the system doesn't say.</summary>
    public static LockHolder? Find(LocalHome home) => Find(home.DaemonLock);

    /// <summary>Returns the process that has a lock exclusively, or null as <see cref="Find(LocalHome)"/> does.</summary>
    public static LockHolder? Find(string lockFile)
    {
        if (FileStat.Of(lockFile) is not { } file || !File.Exists("/proc/locks")) return null;
        foreach (var line in File.ReadLines("/proc/locks"))
        {
            // 1: FLOCK  ADVISORY  WRITE 4711 fd:01:393217 0 EOF
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, "FLOCK", _, "WRITE", var process, var place, ..]
                || place.Split(':')[^1] != file.Inode.ToString(CultureInfo.InvariantCulture)
                || !int.TryParse(process, CultureInfo.InvariantCulture, out var id) || !HasOpen(id, file)) continue;
            return new(id, Arguments(id).Contains("__daemon"));
        }

        return null;
    }

    /// <summary>Determines whether a process has the file open; an inode's number alone may be that of another disk's file.</summary>
    private static bool HasOpen(int process, FileStat file)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd")
                .Any(f => new FileInfo(f).LinkTarget is { } target && FileStat.Of(target) is { } open
                    && (open.Device, open.Inode) == (file.Device, file.Inode));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string[] Arguments(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
