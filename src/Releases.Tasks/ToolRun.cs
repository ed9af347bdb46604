using System.ComponentModel;
using System.Diagnostics;
using Releases.Local;

namespace Releases.Tasks;

/// <summary>
/// Runs the command-line tool. A cancelled build asks it to end, as Ctrl-C does, and waits until it has: killing it with what it started
/// would end the rack, too.
/// </summary>
/// <param name="tool">The tool.</param>
/// <param name="folder">The folder to run it in, where the search for a local tool manifest begins.</param>
/// <param name="otherwise">What follows if it can't be started: <c>nothing was built</c>.</param>
internal sealed class ToolRun(ToolCommand tool, string folder, string otherwise)
{
    /// <summary>
    /// Runs the tool and returns its exit code. Fails with <see cref="ProblemCode.ToolNotFound"/> if it can't be started.
    /// </summary>
    /// <param name="arguments">Its arguments, quoted where needed.</param>
    /// <param name="line">Receives each line that it prints.</param>
    /// <param name="cancel">Asks it to end.</param>
    public async Task<int> Run(string arguments, Action<string> line, CancellationToken cancel)
    {
        using var process = Start(arguments);
        var lines = new Lock();
        process.OutputDataReceived += Hand;
        process.ErrorDataReceived += Hand;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await using var _ = cancel.Register(() => GracefulEnd.Request(process));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;

        void Hand(object sender, DataReceivedEventArgs printed)
        {
            if (printed.Data is not { } text) return;
            lock (lines) line(text);
        }
    }

    private Process Start(string arguments)
    {
        var start = new ProcessStartInfo(tool.Program, $"{tool.Arguments} {arguments}".TrimStart())
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception cannot)
        {
            throw new Problem(
                ProblemCode.ToolNotFound, $"'{tool.Program}' can't be started, so {otherwise}: {FailureReason.OfProgram(cannot)}.",
                "Install it again: dotnet tool install --global dotnet-convox").ToException(cannot);
        }
    }
}
