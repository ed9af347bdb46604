using System.ComponentModel;
using System.Diagnostics;
using Releases.Local;

namespace Releases.Tool;

/// <summary>The user's browser.</summary>
internal static class Browser
{
    private const string Nothing = "/dev/null";

    /// <summary>Shows a file in it; returns what kept it from that.</summary>
    public static string? Open(string page)
    {
        try
        {
            if (!OperatingSystem.IsWindows()) return OpenApart(OperatingSystem.IsMacOS() ? "open" : "xdg-open", page);
            Process.Start(new ProcessStartInfo(page) { UseShellExecute = true })?.Dispose();
            return null;
        }
        catch (Exception absent) when (absent is Win32Exception or InvalidOperationException)
        {
            return absent.Message;
        }
    }

    /// <summary>In a session of its own: a Ctrl-C that ends the console leaves the browser, and what it prints is nothing that this program
    /// says.</summary>
    private static string? OpenApart(string program, string page)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!path.Any(folder => File.Exists(Path.Combine(folder, program)))) return $"there is no {program}";
        var tool = ToolCommand.Current();
        Process.Start(tool.Program, [.. tool.Arguments, "__exec", "--stdin", Nothing, "--stdout", Nothing, "--stderr", Nothing, "--",
            program, page]).Dispose();
        return null;
    }
}
