using System.Diagnostics;

namespace Releases;

/// <summary>A program that gets this process's own terminal or pipes.</summary>
public static class ForegroundProgram
{
    /// <summary>The path of a program on PATH; null: it isn't installed.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => OperatingSystem.IsWindows() ? new[] { Path.Combine(folder, name + ".exe") } : [Path.Combine(folder, name)])
        .FirstOrDefault(File.Exists);

    /// <summary>Runs it until it ends and gives its exit code; cancelled, it gets what <paramref name="end"/> sends it.</summary>
    /// <param name="start">What to start; nothing of it is redirected.</param>
    /// <param name="end">Asks the process to end.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<int> Run(ProcessStartInfo start, Action<Process> end, CancellationToken cancel)
    {
        start.UseShellExecute = false;
        using var process = Process.Start(start)!;
        await using var _ = cancel.Register(() => end(process));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
