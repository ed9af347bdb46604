using System.ComponentModel;
using System.Diagnostics;
using Releases.Local;

namespace Releases.Tool;

/// <summary>Opens the user's browser.</summary>
internal static class Browser
{
    private const string Nothing = "/dev/null";

    /// <summary>Opens a file in the browser. Returns why that failed, or null.</summary>
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

    /// <summary>
    /// Starts the browser in a session of its own, so that a Ctrl-C that ends the console doesn't end the browser, and the browser's output
    /// doesn't mix with the tool's.
    /// </summary>
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
