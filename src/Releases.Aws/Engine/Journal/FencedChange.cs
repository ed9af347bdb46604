using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Sends changes to ECS, which has no token to recognize repeated ones. Before each change, the step is recorded under the driver's fencing
/// token, and the change is sent only while that write is recent: a driver that was suspended has to write again, and fails there if it was
/// fenced off.
/// </summary>
internal sealed class FencedChange(EcsClient ecs, TimeProvider time)
{
    /// <summary>The maximum age of the write, by the wall clock as well as by a clock that stops while the machine sleeps.</summary>
    private static readonly TimeSpan MaxWriteAge = TimeSpan.FromSeconds(5);

    /// <summary>How long a call of the previous driver may still be in flight after a take-over.</summary>
    private static readonly TimeSpan TakeOverDelay = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>How long ECS may throttle a step before it fails.</summary>
    private static readonly TimeSpan RetryFor = TimeSpan.FromMinutes(2);

    private const int MaxWrites = 3;

    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["UpdateService"] = ["service"],
        ["RegisterTaskDefinition"] = ["family", "containerDefinitions"],
        ["DeregisterTaskDefinition"] = ["taskDefinition"],
        ["StopServiceDeployment"] = ["serviceDeploymentArn"],
        ["ContinueServiceDeployment"] = ["serviceDeploymentArn", "hookId"],
        ["RunTask"] = ["taskDefinition"],
        ["StopTask"] = ["task"],
    };

    /// <summary>Unlike the monotonic clock, the machine's wall clock advances while it sleeps.</summary>
    private readonly TimeProvider _wall = (time as AwsClock)?.Machine ?? time;

    private long? _takenOverAt;

    /// <summary>Delays changes, because a call of another driver may still be in flight.</summary>
    public void TakenOver() => _takenOverAt = time.GetTimestamp();

    /// <summary>
    /// Sends a change once it is recorded, and repeats it only if ECS reports that it did nothing. Fails with
    /// <see cref="UnknownOutcomeException"/>, <see cref="ProblemCode.Unreachable"/>, or with ECS's refusal.
    /// </summary>
    public async Task<JsonObject> Send(Func<Task> writeDown, string operation, JsonObject input, CancellationToken cancel)
    {
        if (_takenOverAt is { } since && TakeOverDelay - time.GetElapsedTime(since) is { Ticks: > 0 } left)
            await Task.Delay(left, time, cancel);
        RequireValues(operation, input);
        input["cluster"] = ecs.Cluster;
        if (operation is "RegisterTaskDefinition" or "DeregisterTaskDefinition" or "StopServiceDeployment" or "ContinueServiceDeployment")
            input.Remove("cluster");
        var began = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            await WriteDown(writeDown);
            try
            {
                return await ecs.Change(operation, input, cancel);
            }
            catch (AmazonServiceException busy) when (JsonService.IsThrottled(busy))
            {
                if (time.GetElapsedTime(began) > RetryFor)
                    throw Problem.Unavailable(
                        ProblemCode.Unreachable, $"ECS throttled {operation} for {Duration.Text(RetryFor)}: {busy.Message.TrimEnd('.')}.",
                        "Find out who else calls ECS in this account that often, then promote again.").ToException(busy);
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    /// <summary>
    /// Sets the count of a service. If the response is lost, the caller repeats it, which is harmless, because it sets the same count.
    /// </summary>
    /// <param name="driven">A service of the promotion, in whose journal the step is recorded.</param>
    /// <param name="service">The name of the ECS service.</param>
    /// <param name="count">The count.</param>
    /// <param name="cancel">Cancels it.</param>
    public Task<JsonObject> SetCount(ServiceRollout driven, string service, int count, CancellationToken cancel) =>
        Send(
            () => ServiceJournal.From(driven)!.Save(driven, cancel), "UpdateService",
            new() { ["service"] = service, ["desiredCount"] = count }, cancel);

    /// <summary>
    /// Deregisters the task definition of a command. That is harmless to skip, and a failure isn't reported: at worst, a task definition
    /// stays active that no service and no stack uses.
    /// </summary>
    public async Task TryDeregister(string definition, CancellationToken cancel)
    {
        try
        {
            await Send(() => Task.CompletedTask, "DeregisterTaskDefinition", new() { ["taskDefinition"] = definition }, cancel);
        }
        catch (Exception kept) when (
            kept is ProblemException known ? !known.Is(ProblemCode.Fenced) : AwsProblems.From(kept, "ECS") is not null)
        {
        }
    }

    /// <summary>A member without a value would be interpreted as intentionally empty.</summary>
    private static void RequireValues(string operation, JsonObject input)
    {
        var missing = input.Where(m => m.Value is null).Select(m => m.Key).Concat(
            Required.GetValueOrDefault(operation, []).Where(r => input[r] is null)).Distinct().ToList();
        if (missing.Count > 0)
            throw new Problem(
                ProblemCode.Unexpected,
                $"{operation} would have been sent without {string.Join(", ", missing)}, "
                    + "which is a bug in this program. ECS was not called.",
                "Report it with the output of --debug.").ToException();
    }

    private async Task WriteDown(Func<Task> writeDown)
    {
        for (var writings = 0; writings < MaxWrites; writings++)
        {
            var (tick, wall) = (time.GetTimestamp(), _wall.GetUtcNow());
            await writeDown();
            if (time.GetElapsedTime(tick) < MaxWriteAge && (_wall.GetUtcNow() - wall).Duration() < MaxWriteAge) return;
        }

        throw Problem.Unavailable(
            ProblemCode.StoreBusy, "saving to the rack's table took too long, so ECS was not called.",
            "Promote again.").ToException();
    }
}
