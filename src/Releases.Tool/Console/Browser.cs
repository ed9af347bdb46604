using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Tool;

/// <summary>The person's browser.</summary>
internal static class Browser
{
    /// <summary>Shows an address in it; returns what kept it from that.</summary>
    public static string? Open(string url)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Process.Start(new ProcessStartInfo(url) { UseShellExecute = true })?.Dispose();
            else Process.Start(Silent(OperatingSystem.IsMacOS() ? "open" : "xdg-open", url))?.Dispose();
            return null;
        }
        catch (Exception absent) when (absent is Win32Exception or InvalidOperationException)
        {
            return absent.Message;
        }
    }

    /// <summary>What it prints is nothing that this program says.</summary>
    private static ProcessStartInfo Silent(string program, string url) => new(program, [url]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
