using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Tool;

/// <summary>A run of the SDK.</summary>
/// <param name="Arguments">What <c>dotnet</c> gets.</param>
/// <param name="Folder">Where it runs; global.json is found from there.</param>
/// <param name="Variables">Variables in addition to those of this process.</param>
internal sealed record DotnetRun(IReadOnlyList<string> Arguments, string Folder, IReadOnlyDictionary<string, string> Variables);

/// <summary>Runs the SDK and hands over each line that it prints.</summary>
internal static class DotnetProgram
{
    /// <summary>How long lines may still come after it has ended: nodes that it leaves running for the next build keep its output open.</summary>
    private static readonly TimeSpan OutputDrainTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it until it ends and gives its exit code. Cancelled, it is ended with all that it started.</summary>
    public static async Task<int> Run(DotnetRun run, Action<string> line, TimeProvider time, CancellationToken cancel)
    {
        using var process = Start(run);
        var lines = new object();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => ended.TrySetResult();
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += Hand;
        process.ErrorDataReceived += Hand;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await ended.Task.WaitAsync(cancel);
            await Task.WhenAny(process.WaitForExitAsync(cancel), Task.Delay(OutputDrainTimeout, time, cancel));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await ended.Task;
            throw;
        }

        return process.ExitCode;

        void Hand(object sender, DataReceivedEventArgs received)
        {
            lock (lines)
                if (received.Data is { } text) line(text);
        }
    }

    private static Process Start(DotnetRun run)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet", run.Arguments)
        {
            WorkingDirectory = run.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in run.Variables) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception missing)
        {
            throw new Problem(
                ProblemCode.BuildFailed, $"'{start.FileName}' can't be started: {missing.Message.TrimEnd('.')}; nothing was built.", "Install the .NET SDK, and put it on PATH.").ToException(missing);
        }
    }
}
