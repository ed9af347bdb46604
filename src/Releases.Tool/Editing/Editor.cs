using System.Diagnostics;

namespace Releases.Tool;

/// <summary>Runs the user's editor, which is found as git does: <c>VISUAL</c> or <c>EDITOR</c>, with arguments, else <c>vi</c>.</summary>
internal static class Editor
{
    /// <summary>Returns the editor that the user chose, or null.</summary>
    public static string? Chosen(Func<string, string?> variable) =>
        variable("VISUAL") is { Length: > 0 } visual ? visual : variable("EDITOR") is { Length: > 0 } usual ? usual : null;

    /// <summary>Opens a file and completes when the editor has exited. Fails if its exit code isn't 0.</summary>
    public static async Task Open(string file, Func<string, string?> variable, CancellationToken cancel)
    {
        var editor = Chosen(variable) ?? (OperatingSystem.IsWindows() ? "notepad" : "vi");
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

    /// <summary>Starts the editor through the shell, because the variable may contain arguments and quotes.</summary>
    private static Process Start(string editor, string file)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", $"{editor} \"{file}\""])
            : new ProcessStartInfo("/bin/sh", ["-c", $"{editor} \"$@\"", editor, file]);
        return Process.Start(start)!;
    }
}
