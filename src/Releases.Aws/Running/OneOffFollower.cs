namespace Releases.Aws;

/// <summary>Follows the task of a one-off process: prints its lines until it exits, and stops it when its caller leaves.</summary>
internal sealed class OneOffFollower(JsonService logs, TaskCompletion completion, TimeProvider time)
{
    /// <summary>Returns the exit code of the container. Fails with <see cref="AwsProblemCode.Refused"/> if it has none.</summary>
    /// <param name="task">The task's ARN.</param>
    /// <param name="log">The location of its lines.</param>
    /// <param name="container">The name of the command's container.</param>
    /// <param name="caller">Receives the lines.</param>
    /// <param name="stop">Sends StopTask.</param>
    /// <param name="cancel">Stops the task.</param>
    public async Task<int> Follow(
        string task, TaskLogStream log, string container, IOneOffCaller caller, Func<Task> stop, CancellationToken cancel)
    {
        var lines = new LogStreamFollower(logs, log, caller);
        EcsTask? ended;
        try
        {
            ended = await completion.WaitForExit(task, container, lines.Print, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            (ended, var trouble) = await completion.Stop(task, container, stop);
            if (ended is null) caller.Say($"The task was asked to stop and may still be running: {trouble}.");
            else await lines.PrintRest(time);
            throw;
        }

        await lines.PrintRest(time);
        return TaskCompletion.ExitCodeOf(ended, container);
    }
}
