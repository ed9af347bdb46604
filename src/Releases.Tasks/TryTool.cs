using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Tasks;

/// <summary>Lets the tool that is to promote read the rack, before anything is built for it: it may not be restored, or be too old for what
/// the rack holds.</summary>
/// <param name="program">The program.</param>
/// <param name="arguments">What comes before its own arguments.</param>
/// <param name="folder">Where it runs; a local tool manifest is found from there.</param>
internal sealed class TryTool(string program, string arguments, string folder)
{
    /// <summary>Refuses where it cannot.</summary>
    public async Task Run(string rack, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, $"{arguments} apps --json --rack \"{rack}\"")
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
                "the local tool manifest lists dotnet-convox, and it isn't restored here, so nothing was built.",
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
                $"'{program}' can't be started, so nothing was built: {cannot.Message.TrimEnd('.')}.",
                "Install it again: dotnet tool install --global dotnet-convox").ToException(cannot);
        }
    }
}
