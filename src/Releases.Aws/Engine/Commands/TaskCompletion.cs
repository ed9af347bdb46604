using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Waits until a command's container has exited, and stops it early if needed.</summary>
internal sealed class TaskCompletion(EcsClient ecs, TaskOutput output, TimeProvider time)
{
    /// <summary>How long ECS may not show a task, because of read lag or failing calls, before its outcome counts as unknown.</summary>
    private static readonly TimeSpan MaxUnseen = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait for the end after StopTask: SIGKILL follows after at most 120 seconds.</summary>
    private static readonly TimeSpan MaxStopSeconds = TimeSpan.FromSeconds(135);

    /// <summary>
    /// If StopTask was throttled for longer than this, it isn't repeated for as long again, because the caller is waiting.
    /// </summary>
    private static readonly TimeSpan MaxStopRequest = TimeSpan.FromMinutes(1);

    /// <summary>Returns how a command ended, with its last lines. When cancelled, the task is stopped first.</summary>
    /// <param name="definition">The task definition.</param>
    /// <param name="task">The task's ARN.</param>
    /// <param name="container">The name of the command's container.</param>
    /// <param name="stop">Sends StopTask.</param>
    /// <param name="cancel">Cancels the command.</param>
    public async Task<CommandEnd> WaitForEnd(
        JsonObject definition, string task, string container, Func<Task> stop, CancellationToken cancel)
    {
        EcsTask? ended;
        try
        {
            ended = await WaitForExit(task, container, _ => Task.CompletedTask, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            (ended, var trouble) = await Stop(task, container, stop);
            if (ended is null)
                throw new Problem(
                    ProblemCode.Stuck, $"its task {EcsTask.IdIn(task)} was asked to stop and may still be running: {trouble}.",
                    "Stop the task in ECS, then check what the command did.", ProblemKind.NeedsPerson).ToException();
            if (ended.Container(container)?.ExitCode is null) throw;
        }

        var code = ExitCodeOf(ended, container);
        // The last lines may still be on their way to CloudWatch.
        await Task.Delay(ReadPace.Shortest, time, CancellationToken.None);
        var printed = await output.ReadLast(definition, task, container, CancellationToken.None);
        return new(code, ended.Container(container)?.Reason is { } reason ? [.. printed, $"({reason.TrimEnd('.')})"] : printed);
    }

    /// <summary>
    /// Returns the task once its container has exited. Fails with <see cref="ProblemCode.Unreachable"/> if the outcome is unknown.
    /// </summary>
    /// <param name="task">The task's ARN.</param>
    /// <param name="container">The name of the command's container.</param>
    /// <param name="meanwhile">Called after each poll.</param>
    /// <param name="cancel">Cancels the wait.</param>
    public async Task<EcsTask> WaitForExit(string task, string container, Func<CancellationToken, Task> meanwhile, CancellationToken cancel)
    {
        for (var seen = time.GetTimestamp(); ; await Task.Delay(ReadPace.Shortest, time, cancel))
        {
            var (found, trouble) = await Look(task, cancel);
            if (found is not null && IsOver(found, container)) return found;
            if (found is not null) seen = time.GetTimestamp();
            else if (time.GetElapsedTime(seen) > MaxUnseen)
                throw Problem.Unavailable(
                    ProblemCode.Unreachable, $"how its task {EcsTask.IdIn(task)} ended is unknown: {trouble ?? "ECS doesn't show it"}.",
                    "Check the task in ECS and what the command did.").ToException();
            await meanwhile(cancel);
        }
    }

    /// <summary>
    /// Asks ECS to stop the task, repeating the request after a lost response, which is harmless. Returns the task once its container has
    /// exited, or null with what is known if that isn't observed or the request is refused.
    /// </summary>
    public async Task<(EcsTask? Ended, string? Trouble)> Stop(string task, string container, Func<Task> ask)
    {
        var (isAsked, isRefused, trouble) = (false, false, (string?)null);
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < MaxStopSeconds; await Task.Delay(ReadPace.Shortest, time))
        {
            var asked = time.GetTimestamp();
            if (!isAsked) (isAsked, isRefused, trouble) = await Ask(ask);
            isRefused |= !isAsked && time.GetElapsedTime(asked) > MaxStopRequest;
            if ((await Look(task, CancellationToken.None)).Task is { } found && IsOver(found, container)) return (found, null);
            if (isRefused) break;
        }

        return (null, trouble ?? "ECS hasn't shown its end yet");
    }

    /// <summary>Returns the exit code of the command. Fails with <see cref="AwsProblemCode.Refused"/> if there is none.</summary>
    public static int ExitCodeOf(EcsTask task, string container) => task.Container(container)?.ExitCode ?? throw new Problem(
        AwsProblemCode.Refused,
        $"its task {EcsTask.IdIn(task.Arn)} ended without an exit code: "
            + $"{(task.Container(container)?.Reason ?? task.StoppedReason ?? "ECS gave no reason").TrimEnd('.')}.",
        "Check the task in ECS, which shows it for an hour.").ToException();

    /// <summary>
    /// The exit code is available as soon as the container has exited; the task takes longer, because it releases its network interface.
    /// </summary>
    public static bool IsOver(EcsTask task, string container) =>
        task.Container(container)?.ExitCode is not null || task.LastStatus == EcsTaskStatus.Stopped;

    private static async Task<(bool IsAsked, bool IsRefused, string? Trouble)> Ask(Func<Task> ask)
    {
        try
        {
            await ask();
            return (true, false, null);
        }
        catch (AmazonServiceException refused) when (AwsFailure.IsPermanent(refused))
        {
            return (false, true, $"ECS refused StopTask: {refused.Message.TrimEnd('.')}");
        }
        catch (ProblemException unwritten) when (unwritten.Is(ProblemCode.Fenced))
        {
            throw;
        }
        catch (Exception lost) when (lost is ProblemException || AwsProblems.From(lost, "ECS") is not null)
        {
            return (false, false, (lost is ProblemException told ? told.Problems[0].Message : lost.Message).TrimEnd('.'));
        }
    }

    private async Task<(EcsTask? Task, string? Trouble)> Look(string task, CancellationToken cancel)
    {
        try
        {
            return (await ecs.FindTask(task, cancel), null);
        }
        catch (Exception refused) when (AwsProblems.From(refused, "ECS") is { } problem)
        {
            return (null, problem.Message.TrimEnd('.'));
        }
    }
}
