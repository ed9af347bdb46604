using System.Diagnostics;
using System.Globalization;

namespace Releases.Local;

/// <summary>A process of a service, in a session of its own that ends with it and with the daemon.</summary>
internal sealed class ServiceProcess
{
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

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

    /// <summary>Whether it has not ended; known a little earlier than by <see cref="Exited"/>.</summary>
    public bool IsAlive => !OperatingSystem.IsLinux() ? !Exited.IsCompleted : ProcessTable.Find(ProcessId) is { IsDead: false };

    /// <summary>The programs that it left in the background, which were ended with it.</summary>
    public IReadOnlyList<string> Deserted { get; private set; } = [];

    /// <summary>How it ended, once its output is read and nothing of its session is left: its exit code, or 128 and the signal's number.</summary>
    public Task<int> Exited { get; }

    public static async Task<ServiceProcess> Start(
        ProcessStart start, ProcessLauncher launcher, ToolCommand tool, ProcessRecords records, Action<string> print, TimeProvider time)
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
        info.Environment[ProcessStart.NameVariable] = start.Id;
        var process = await launcher.Start(info);
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
    public void Terminate() => ProcessSession.Signal(ProcessId, NativeProcess.SIGTERM);

    /// <summary>Ends all of its session at once.</summary>
    public void Kill() => ProcessSession.Signal(ProcessId, NativeProcess.SIGKILL);

    /// <summary>Ends what a process began in a session of its own and left there, as a program does that goes to the background.</summary>
    public static IReadOnlyList<string> EndDeserted(string id)
    {
        var deserted = ProcessTable.WithVariable(ProcessStart.NameVariable, id);
        var names = deserted.Select(p => $"{ProcessTable.NameOf(p)} (process {p})").ToList();
        foreach (var process in deserted) _ = NativeProcess.kill(process, NativeProcess.SIGKILL);
        return names;
    }

    /// <summary>Completes when nothing is left that could hold its port.</summary>
    private async Task NothingLeft(TimeProvider time)
    {
        while (ProcessSession.Members(ProcessId).Count > 0 || ProcessTable.WithVariable(ProcessStart.NameVariable, _id).Count > 0) await Task.Delay(PollInterval, time);
    }

    private async Task<int> Watch(Action<string> print, TimeProvider time)
    {
        var output = Task.WhenAll(
            OutputReader.Read(_process.StandardOutput.BaseStream, print),
            OutputReader.Read(_process.StandardError.BaseStream, print));
        await _process.WaitForExitAsync();
        // What it left behind in its session would otherwise hold its output open, and outlive it.
        Kill();
        Deserted = EndDeserted(_id);
        await Task.WhenAny(Task.WhenAll(output, NothingLeft(time)), Task.Delay(OutputTimeout, time));
        _records.Remove(_id);
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }
}
