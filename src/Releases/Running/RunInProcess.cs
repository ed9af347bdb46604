namespace Releases;

/// <summary>Runs a command beside a running process, and records who ran it.</summary>
public sealed class RunInProcess(Rack rack, TimeProvider time)
{
    private const int MaxDetail = 200;

    /// <summary>
    /// Runs the command, and returns its exit code. Fails with <see cref="ProblemCode.Nothing"/> if the app has no such process.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="name">The name of the process, as <c>ps</c> prints it.</param>
    /// <param name="command">The command to run.</param>
    /// <param name="by">Who requested it.</param>
    /// <param name="caller">The caller, with their terminal or pipes.</param>
    /// <param name="cancel">Ends the command gracefully.</param>
    public async Task<int> Run(App app, string name, ProcessCommand command, string by, IOneOffCaller caller, CancellationToken cancel)
    {
        var process = (await rack.Running.Processes(app.Name, cancel)).FirstOrDefault(p => p.Id == name)
            ?? throw NoProcess(app, name).ToException();
        var text = await Redacted(app, process, command, cancel);
        var what = new Event
        {
            At = time.GetUtcNow(),
            Kind = EventKind.OneOffStarted,
            By = by,
            Release = process.Release,
            Detail = $"{process.Id}: {(text.Length > MaxDetail ? text[..MaxDetail] + "…" : text)}",
        };
        await rack.Store.ChangeApp(app.Name, a => a, what, cancel);
        return await rack.Exec.Run(app.Name, process, command, caller, cancel);
    }

    private Problem NoProcess(App app, string name) => rack.Daemon is { IsAlive: false }
        ? new(ProblemCode.Nothing, $"{app.Name} has no process '{name}', because the rack is stopped.",
            Remedy.Do(Operation.StartRack, "Start it"))
        : new(ProblemCode.Nothing, $"{app.Name} has no process '{name}' now.", Remedy.Do(Operation.ListProcesses, "List processes"));

    /// <summary>
    /// Returns the command without secrets of the process's environment. What can't be read can't be redacted, so then no command is
    /// recorded; a person in need gets to the process nevertheless.
    /// </summary>
    private async Task<string> Redacted(App app, RunningProcess process, ProcessCommand command, CancellationToken cancel)
    {
        if (process.Release is not { } id || await rack.Store.FindRelease(app.Name, id, cancel) is not { } release) return command.Quoted;
        var plan = await new ReleasePlanReader(rack.Store, rack.Vault, rack.Name).Read(app, release, cancel);
        return plan.Problems.Count == 0
            ? plan.Redactor.Redact(command)
            : $"(a command, not recorded, because its secrets aren't known: {plan.Problems[0].Message.TrimEnd('.')})";
    }
}
