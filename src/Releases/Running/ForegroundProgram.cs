using System.Diagnostics;

namespace Releases;

/// <summary>Runs programs that inherit this process's terminal or pipes.</summary>
public static class ForegroundProgram
{
    /// <summary>Returns the path of a program on the PATH, or null if it isn't installed.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => OperatingSystem.IsWindows() ? new[] { Path.Combine(folder, name + ".exe") } : [Path.Combine(folder, name)])
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program until it ends, and returns its exit code; on cancellation, <paramref name="end"/> is called.</summary>
    /// <param name="start">The program to start; its streams aren't redirected.</param>
    /// <param name="end">Asks the process to end.</param>
    /// <param name="cancel">Cancels the run.</param>
    public static async Task<int> Run(ProcessStartInfo start, Action<Process> end, CancellationToken cancel)
    {
        start.UseShellExecute = false;
        using var process = Process.Start(start)!;
        await using var _ = cancel.Register(() => end(process));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
