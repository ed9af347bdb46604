using System.Diagnostics;
using System.Globalization;

namespace Releases.Local;

/// <summary>A process of a service, in a session of its own that ends with it and with the daemon.</summary>
internal sealed class ServiceProcess
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly ProcessRecords _records;
    private readonly string _id;

    private ServiceProcess(Process process, ProcessRecords records, string id, Action<string> print, TimeProvider time)
    {
        (_process, _records, _id) = (process, records, id);
        ProcessId = process.Id;
        Exited = Watch(print, time);
    }

    public int ProcessId { get; }

    /// <summary>How it ended, once its output is read and nothing of its session is left: its exit code, or 128 and the signal's number.</summary>
    public Task<int> Exited { get; }

    public static async Task<ServiceProcess> Start(
        ProcessStart start, Spawner spawner, ToolCommand tool, ProcessRecords records, Action<string> print, TimeProvider time)
    {
        var info = new ProcessStartInfo(tool.Program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (IEnumerable<string>)
            [
                .. tool.Arguments, "__exec", "--stdin", "/dev/null", "--cwd", start.Folder,
                "--die-with", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--", .. start.Command,
            ])
            info.ArgumentList.Add(argument);

        ProcessStart.Fill(info, ProcessStart.Inherited, start.Environment);
        var process = await spawner.Start(info);
        try
        {
            records.Add(start.Id, process.Id);
        }
        catch (Exception refused) when (DiskProblems.From(refused, start.Folder) is { } problem)
        {
            // Without its record nobody would end it after a crash of the daemon.
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw problem.ToException(refused);
        }

        return new(process, records, start.Id, print, time);
    }

    /// <summary>Asks all of its session to end.</summary>
    public void Terminate() => Session.Signal(ProcessId, NativeProcess.SIGTERM);

    /// <summary>Ends all of its session at once.</summary>
    public void Kill() => Session.Signal(ProcessId, NativeProcess.SIGKILL);

    private async Task<int> Watch(Action<string> print, TimeProvider time)
    {
        var output = Task.WhenAll(
            OutputLines.Read(_process.StandardOutput.BaseStream, print),
            OutputLines.Read(_process.StandardError.BaseStream, print));
        await _process.WaitForExitAsync();
        // What it left behind in its session would otherwise hold its output open, and outlive it.
        Kill();
        await Task.WhenAny(output, Task.Delay(LastWords, time));
        _records.Remove(_id);
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }
}
