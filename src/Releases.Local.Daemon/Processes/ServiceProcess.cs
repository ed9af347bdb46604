using System.Diagnostics;

namespace Releases.Local;

/// <summary>Represents a process of a service, in a session of its own that ends with it and with the daemon.</summary>
internal sealed class ServiceProcess
{
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long what is left of a process is looked for while the system doesn't show it.</summary>
    private static readonly TimeSpan RestTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly long? _startedAt;
    private readonly ProcessRecords _records;
    private readonly string _id;

    public ServiceProcess(
        Process process, long? startedAt, ProcessRecords records, string id, Action<string, bool> print, TimeProvider time)
    {
        (_process, _startedAt, _records, _id) = (process, startedAt, records, id);
        ProcessId = process.Id;
        Exited = Watch(print, time);
    }

    public int ProcessId { get; }

    /// <summary>Gets whether the process hasn't ended; known slightly earlier than by <see cref="Exited"/>.</summary>
    public bool IsAlive
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return !Exited.IsCompleted;
            try
            {
                return ProcessTable.Find(ProcessId) is { IsDead: false } found && (_startedAt ?? found.StartedAt) == found.StartedAt;
            }
            catch (IOException unreadable) when (OpenFileLimit.IsReached(unreadable))
            {
                return !Exited.IsCompleted;
            }
        }
    }

    /// <summary>Gets the programs that it left in the background, which were ended with it.</summary>
    public IReadOnlyList<string> LeftInBackground { get; private set; } = [];

    /// <summary>
    /// Gets a task that completes once the output has been read and nothing of the session is left, with the exit code, or 128 plus the
    /// signal's number.
    /// </summary>
    public Task<int> Exited { get; }

    /// <summary>Asks all processes of its session to end.</summary>
    public void Terminate() => ProcessSession.Signal(ProcessId, _startedAt, NativeProcess.SIGTERM);

    /// <summary>Kills all processes of its session.</summary>
    /// <returns>The number of processes killed.</returns>
    public int Kill() => ProcessSession.Signal(ProcessId, _startedAt, NativeProcess.SIGKILL);

    /// <summary>Ends the process gracefully, and kills what is left after the grace period. Completes when it is gone or killed.</summary>
    public async Task Stop(TimeSpan grace, TimeProvider time)
    {
        Terminate();
        await Task.WhenAny(Exited, Task.Delay(grace, time));
        if (!Exited.IsCompleted) Kill();
    }

    /// <summary>
    /// Kills the processes that a process left running in sessions of their own, such as a program that daemonizes, and returns their
    /// names.
    /// </summary>
    public static IReadOnlyList<string> EndBackground(string id)
    {
        var background = ProcessTable.WithVariable(ProcessStart.NameVariable, id);
        var names = background.Select(p => $"{ProcessTable.NameOf(p)} (process {p})").ToList();
        foreach (var process in background) _ = NativeProcess.kill(process, NativeProcess.SIGKILL);
        return names;
    }

    /// <summary>Completes when no process is left that could hold the port.</summary>
    private async Task NothingLeft(TimeProvider time)
    {
        while (ProcessSession.Members(ProcessId, _startedAt).Count > 0
            || ProcessTable.WithVariable(ProcessStart.NameVariable, _id).Count > 0)
            await Task.Delay(PollInterval, time);
    }

    /// <summary>Ends what the process left running, and returns how many processes that were.</summary>
    private async Task<int> EndRest(TimeProvider time)
    {
        var from = time.GetTimestamp();
        while (true)
        {
            try
            {
                var left = Kill();
                LeftInBackground = EndBackground(_id);
                return left + LeftInBackground.Count;
            }
            catch (IOException unreadable) when (OpenFileLimit.IsReached(unreadable))
            {
                // The process itself has ended, whatever it left behind.
                if (time.GetElapsedTime(from) >= RestTimeout) return 0;
                // The list of processes can be read again once there are fewer connections.
                await Task.Delay(OutputTimeout, time);
            }
        }
    }

    /// <summary>Removes the record of the process. The next daemon ignores one that stays, because its process is gone.</summary>
    private void Forget()
    {
        try
        {
            _records.Remove(_id);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The disk has become read-only or fails, and the process has ended anyway.
        }
    }

    private async Task<int> Watch(Action<string, bool> print, TimeProvider time)
    {
        var output = Task.WhenAll(
            OutputReader.Read(_process.StandardOutput.BaseStream, line => print(line, false)),
            OutputReader.Read(_process.StandardError.BaseStream, line => print(line, true)));
        await _process.WaitForExitAsync();
        // What it left behind in its session would otherwise hold its output open, and outlive it.
        var left = await EndRest(time);
        await Task.WhenAny(left == 0 ? output : Task.WhenAll(output, NothingLeft(time)), Task.Delay(OutputTimeout, time));
        Forget();
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }
}
