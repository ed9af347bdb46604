using System.Diagnostics;

namespace Releases.Tool;

/// <summary>The user's editor, as git finds it: <c>VISUAL</c>, <c>EDITOR</c>, with arguments, else <c>vi</c>.</summary>
internal static class Editor
{
    /// <summary>Opens a file and returns when the editor has ended; fails when it did not end well.</summary>
    public static async Task Open(string file, Func<string, string?> variable, CancellationToken cancel)
    {
        var editor = variable("VISUAL") is { Length: > 0 } visual
            ? visual
            : variable("EDITOR") is { Length: > 0 } usual ? usual : OperatingSystem.IsWindows() ? "notepad" : "vi";
        using var process = Start(editor, file);
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
            throw new Problem(
                ProblemCode.Editor, $"the editor '{editor}' exited with code {process.ExitCode}; nothing changed.",
                "Set EDITOR to another one: export EDITOR=nano").ToException();
    }

    /// <summary>Through the shell, as the variable may hold arguments and quotes.</summary>
    private static Process Start(string editor, string file)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", $"{editor} \"{file}\""])
            : new ProcessStartInfo("/bin/sh", ["-c", $"{editor} \"$@\"", editor, file]);
        return Process.Start(start)!;
    }
}
