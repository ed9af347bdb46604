namespace Releases.Aws;

/// <summary>Opens a session in a task that was started for it, and stops the task once the session is over.</summary>
internal sealed class InteractiveTask(EcsClient ecs, ExecSession sessions, TaskCompletion completion, TimeProvider time)
{
    /// <summary>How long it may take until a session can be opened, which includes pulling the image.</summary>
    private static readonly TimeSpan MaxStart = TimeSpan.FromMinutes(5);

    /// <summary>How long the container may take to exit after its session.</summary>
    private static readonly TimeSpan MaxExit = TimeSpan.FromSeconds(15);

    private static readonly InteractiveCommand Programs = new();

    /// <summary>Returns the plugin's path, and the command that the container runs while it waits for the session.</summary>
    public (string Plugin, ProcessCommand Waiting) Prepare() => (sessions.RequirePlugin(), Programs.Waiting);

    /// <summary>Runs the command in a session, and returns its exit code. Nothing of the task is left then.</summary>
    /// <param name="plugin">The plugin's path.</param>
    /// <param name="task">The task's ARN.</param>
    /// <param name="container">The name of the container.</param>
    /// <param name="command">The session's command.</param>
    /// <param name="caller">The caller whose terminal it gets.</param>
    /// <param name="stop">Sends StopTask.</param>
    /// <param name="cancel">Ends the session and the task.</param>
    public async Task<int> Run(
        string plugin, string task, string container, ProcessCommand command, IOneOffCaller caller, Func<Task> stop,
        CancellationToken cancel)
    {
        EcsTask? exited = null;
        try
        {
            var ready = await WaitForAgent(task, container, cancel);
            if (ready.HasAgent(container))
            {
                await sessions.Run(plugin, ready, container, Programs.InSession(command), caller, cancel);
                cancel.ThrowIfCancellationRequested();
            }

            exited = await WaitForExit(task, container, cancel);
        }
        finally
        {
            if (exited is null)
            {
                (exited, var trouble) = await completion.Stop(task, container, stop);
                if (exited is null) caller.Say($"The task was asked to stop and may still be running: {trouble}.");
            }
        }

        return exited is null ? throw Left(task).ToException() : TaskCompletion.ExitCodeOf(exited, container);
    }

    /// <summary>Returns the task once a session can be opened in it, or once it has stopped.</summary>
    private async Task<EcsTask> WaitForAgent(string task, string container, CancellationToken cancel)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < MaxStart; await Task.Delay(ReadPace.Shortest, time, cancel))
            if (await ecs.FindTask(task, cancel) is { } found
                && (found.HasAgent(container) || TaskCompletion.IsOver(found, container))) return found;
        throw new Problem(
            AwsProblemCode.Refused, $"ECS Exec wasn't ready in the task {EcsTask.IdIn(task)} within {Duration.Text(MaxStart)}.",
            "Allow the task role ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel, and give the "
                + "task a way to AWS Systems Manager.").ToException();
    }

    /// <summary>Returns null if the task keeps running because the session was interrupted.</summary>
    private async Task<EcsTask?> WaitForExit(string task, string container, CancellationToken cancel)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < MaxExit; await Task.Delay(ReadPace.Shortest, time, cancel))
            if (await ecs.FindTask(task, cancel) is { } found && TaskCompletion.IsOver(found, container)) return found;
        return null;
    }

    private static Problem Left(string task) => new(
        ProblemCode.Stuck, $"its task {EcsTask.IdIn(task)} was asked to stop and may still be running.", "Stop the task in ECS.",
        ProblemKind.NeedsPerson);
}
