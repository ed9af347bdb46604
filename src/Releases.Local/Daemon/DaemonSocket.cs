using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>Where the daemon of a home listens: the same path in every session of the user.</summary>
public static class DaemonSocket
{
    /// <summary>The most bytes that a socket's path may have: sun_path is 108 on Linux and 104 on macOS, with its closing NUL.</summary>
    private const int MaxPathBytes = 103;

    /// <summary>
    /// In the home; where that path is too long, in a folder of the user's own, in the runtime directory where there is one.
    /// </summary>
    public static string Path(LocalHome home)
    {
        var inHome = System.IO.Path.Combine(home.Folder, "daemon.sock");
        if (Encoding.UTF8.GetByteCount(inHome) <= MaxPathBytes) return inHome;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home.Folder)))[..16] + ".sock";
        return System.IO.Path.Combine(RuntimeFolder(), name);
    }

    /// <summary>By the system's rule rather than by XDG_RUNTIME_DIR, which is set in some sessions of a user and not in others.</summary>
    private static string RuntimeFolder()
    {
        var runtime = $"/run/user/{UserId()}";
        return Directory.Exists(runtime) ? System.IO.Path.Combine(runtime, "convox") : $"/tmp/convox-{UserId()}";
    }

    private static uint UserId() => OperatingSystem.IsWindows() ? 0 : NativeUser.geteuid();
}
