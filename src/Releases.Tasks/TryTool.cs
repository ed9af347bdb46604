using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Tasks;

/// <summary>Checks, before anything is built, that the tool that is to promote can read the rack: it may not be restored, or it may be too
/// old for the rack's data.</summary>
/// <param name="program">The program.</param>
/// <param name="arguments">The arguments that precede its own.</param>
/// <param name="folder">The folder to run it in, where the search for a local tool manifest begins.</param>
internal sealed class TryTool(string program, string arguments, string folder)
{
    /// <summary>Runs the tool. Fails with <see cref="ProblemCode.ToolNotFound"/> if it can't read the rack.</summary>
    public async Task Run(string rack, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, $"{arguments} apps --rack \"{rack}\"")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var said = await error + await output;
        if (process.ExitCode == 0) return;
        throw (said.Contains("tool restore", StringComparison.Ordinal)
            ? new Problem(ProblemCode.ToolNotFound,
                "the local tool manifest lists dotnet-convox, but it isn't restored here, so nothing was built.",
                "Restore it: dotnet tool restore")
            : new Problem(
                ProblemCode.ToolNotFound,
                $"'{program}' can't read the rack {rack}, so it couldn't promote and nothing was built: "
                    + $"{string.Join(' ', said.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))}",
                "Update it: dotnet tool update dotnet-convox")).ToException();
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception cannot)
        {
            throw new Problem(ProblemCode.ToolNotFound,
                $"'{program}' can't be started, so nothing was built: {FailureReason.OfProgram(cannot)}.",
                "Install it again: dotnet tool install --global dotnet-convox").ToException(cannot);
        }
    }
}
