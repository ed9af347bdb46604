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

    /// <summary>Returns the folder by the system's rule, because XDG_RUNTIME_DIR is set only in some of a user's sessions.</summary>
    private static string RuntimeFolder()
    {
        var runtime = $"/run/user/{UserId()}";
        return Directory.Exists(runtime) ? System.IO.Path.Combine(runtime, "convox") : $"/tmp/convox-{UserId()}";
    }

    private static uint UserId() => OperatingSystem.IsWindows() ? 0 : NativeUser.geteuid();
}
