using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Tool;

/// <summary>Represents a run of the SDK.</summary>
/// <param name="Arguments">The arguments of <c>dotnet</c>.</param>
/// <param name="Folder">The working directory, from which global.json is found.</param>
/// <param name="Variables">Environment variables in addition to those of this process.</param>
internal sealed record DotnetRun(IReadOnlyList<string> Arguments, string Folder, IReadOnlyDictionary<string, string> Variables);

/// <summary>Runs the SDK and passes on each line that it prints.</summary>
internal static class DotnetProgram
{
    /// <summary>How long to wait for output after the program has ended, on systems where the end of the output can't be marked.</summary>
    private static readonly TimeSpan OutputDrainTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs the SDK to completion and returns its exit code. Cancellation kills the whole process tree.</summary>
    public static Task<int> Run(DotnetRun run, Action<string> line, TimeProvider time, CancellationToken cancel)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        return Run(host, run, line, time, cancel);
    }

    /// <summary>Runs another program in place of <c>dotnet</c>.</summary>
    internal static async Task<int> Run(string program, DotnetRun run, Action<string> line, TimeProvider time, CancellationToken cancel)
    {
        using var process = Start(program, run);
        var lines = new object();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => ended.TrySetResult();
        process.EnableRaisingEvents = true;
        var end = $"{Guid.NewGuid()}";
        StreamReader[] outputs = [process.StandardOutput, process.StandardError];
        var reading = Task.WhenAll(outputs.Select(o => Task.Run(() => Read(o, end, Hand), CancellationToken.None)));
        try
        {
            await ended.Task.WaitAsync(cancel);
            if (Array.TrueForAll(outputs, o => OutputEnd.TryMark(o, end))) await reading.WaitAsync(cancel);
            else await Task.WhenAny(reading, Task.Delay(OutputDrainTimeout, time, cancel));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await ended.Task;
            throw;
        }

        return process.ExitCode;

        void Hand(string text)
        {
            lock (lines) line(text);
        }
    }

    /// <summary>Reads to the end of a stream, or to the mark that ends it.</summary>
    private static void Read(StreamReader output, string end, Action<string> line)
    {
        while (output.ReadLine() is { } text)
        {
            var isLast = text.EndsWith(end, StringComparison.Ordinal);
            if (!isLast) line(text);
            else if (text.Length > end.Length) line(text[..^end.Length]);
            if (isLast) return;
        }
    }

    private static Process Start(string program, DotnetRun run)
    {
        var start = new ProcessStartInfo(program, run.Arguments)
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
                ProblemCode.BuildFailed, $"'{start.FileName}' can't be started: {FailureReason.OfProgram(missing)}; nothing was built.",
                "Install the .NET SDK, and put it on PATH.").ToException(missing);
        }
    }
}
