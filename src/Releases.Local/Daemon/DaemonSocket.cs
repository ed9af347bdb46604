using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>Provides the socket path of a home's daemon, which is the same in every session of the user.</summary>
public static class DaemonSocket
{
    /// <summary>
    /// The maximum length of a socket's path, in bytes: sun_path is 108 bytes on Linux and 104 on macOS, including its terminating NUL.
    /// </summary>
    private const int MaxPathBytes = 103;

    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// Returns the path: in the home or, if that is too long, in a folder of the user's own, which is in the runtime directory if there is
    /// one.
    /// </summary>
    public static string Path(LocalHome home)
    {
        var inHome = System.IO.Path.Combine(home.Folder, "daemon.sock");
        if (Encoding.UTF8.GetByteCount(inHome) <= MaxPathBytes) return inHome;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home.Folder)))[..16] + ".sock";
        return System.IO.Path.Combine(RuntimeFolder(), name);
    }

    /// <summary>Returns the folder beside the socket in which it is made; paths in it aren't longer than the socket's.</summary>
    internal static string MakingFolder(LocalHome home)
    {
        var socket = Path(home);
        return System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(socket)!, "." + System.IO.Path.GetFileNameWithoutExtension(socket));
    }

    /// <summary>
    /// Fails if another user can put a socket of their own in place of the daemon's: such as by creating the folder first, where the
    /// daemon's is in a parent that everyone can write to.
    /// </summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.Daemon"/>.</exception>
    internal static void RequireTrusted(LocalHome home)
    {
        var folder = System.IO.Path.GetDirectoryName(Path(home))!;
        if (folder != home.Folder) RequireTrusted(folder);
    }

    /// <summary>Fails if the folder isn't this user's alone; one that doesn't exist has no socket.</summary>
    internal static void RequireTrusted(string folder)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder)) return;
        if (new DirectoryInfo(folder).LinkTarget is null && IsOwn(folder) && (File.GetUnixFileMode(folder) & Others) == 0) return;
        throw new Problem(
            ProblemCode.Daemon, $"other users can write to the folder {folder}, so requests to the daemon aren't safe there.",
            "Remove the folder, or choose a home with a shorter path (CONVOX_HOME or --rack local:<folder>).").ToException();
    }

    /// <summary>
    /// Fails if other users can write to the socket's folder, which one of them may have created in a shared parent: a daemon doesn't
    /// listen there.
    /// </summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.Daemon"/>.</exception>
    internal static void RequirePrivate(LocalHome home)
    {
        var folder = System.IO.Path.GetDirectoryName(Path(home))!;
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder) || (File.GetUnixFileMode(folder) & Others) == 0) return;
        throw new Problem(
            ProblemCode.Daemon, $"other users can write to the folder {folder}, so the daemon can't trust requests there.",
            $"Restrict it: chmod 700 {folder}").ToException();
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOwn(string folder)
    {
        if (OperatingSystem.IsLinux()) return FolderOwner.IsThisUser(folder);
        try
        {
            // Only the owner may.
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Returns the folder by the system's rule, because XDG_RUNTIME_DIR is set only in some of a user's sessions.</summary>
    private static string RuntimeFolder()
    {
        var runtime = $"/run/user/{UserId()}";
        return Directory.Exists(runtime) ? System.IO.Path.Combine(runtime, "convox") : $"/tmp/convox-{UserId()}";
    }

    private static uint UserId() => OperatingSystem.IsWindows() ? 0 : NativeUser.geteuid();
}
