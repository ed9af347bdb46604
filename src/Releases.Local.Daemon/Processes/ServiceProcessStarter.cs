using System.Diagnostics;
using System.Globalization;

namespace Releases.Local;

/// <summary>Starts processes of services, and records each for the next daemon.</summary>
internal sealed class ServiceProcessStarter(ProcessLauncher launcher, ToolCommand tool, ProcessRecords records, TimeProvider time)
{
    /// <param name="start">The process to start.</param>
    /// <param name="print">Receives each line of output, and whether it is standard error.</param>
    public async Task<ServiceProcess> Start(ProcessStart start, Action<string, bool> print)
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
        long? startedAt;
        try
        {
            startedAt = records.Add(start.Id, process.Id);
        }
        catch (Exception refused)
        {
            // Without its record, the next daemon couldn't end it after a crash. It is killed by its number alone, and then its group,
            // which it may have created meanwhile, because with too many open files nothing can be read about it.
            _ = NativeProcess.kill(process.Id, NativeProcess.SIGKILL);
            _ = NativeProcess.kill(-process.Id, NativeProcess.SIGKILL);
            process.Dispose();
            if (DiskProblems.From(refused, start.Folder) is { } problem) throw problem.ToException(refused);
            throw;
        }

        return new(process, startedAt, records, start.Id, print, time);
    }
}
