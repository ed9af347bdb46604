using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Represents a task that runs a command once.</summary>
/// <param name="Family">The family of its task definition.</param>
/// <param name="Definition">The task definition, which no other task uses.</param>
/// <param name="Place">Where it runs, from <see cref="TaskPlacement"/>.</param>
/// <param name="StartedBy">What started it, as shown by ECS.</param>
/// <param name="Token">The token by which ECS recognizes a repeated request; at most 64 characters.</param>
internal sealed record CommandTask(string Family, string Definition, JsonObject Place, string StartedBy, string Token);

/// <summary>
/// Starts a task exactly once: after a lost response, the task is searched for before it is requested again, and repeating the request with
/// the same token doesn't start a second one.
/// </summary>
internal sealed class RunTaskOnce(EcsClient ecs, FencedChange change, TimeProvider time)
{
    private const int MaxAttempts = 5;
    private const int MaxReads = 3;

    private static readonly TimeSpan BeforeReading = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Starts the task, and returns its ARN. It can be cancelled between two requests but never during one, so that it is known what was
    /// started. Fails with <see cref="AwsProblemCode.Refused"/> if ECS has no capacity for it.
    /// </summary>
    public async Task<string> Run(CommandTask task, Func<Task> writeDown, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await change.Send(Uncancelled, "RunTask", Input(task), CancellationToken.None);
                if (answer["tasks"] is not JsonArray && answer["failures"] is not JsonArray)
                    throw new UnknownOutcomeException(
                        "RunTask", new UnreadableResponseException("the response has neither tasks nor failures"));
                return answer.Objects("tasks").FirstOrDefault().Text("taskArn") ?? throw NoRoom(answer);
            }
            catch (UnknownOutcomeException unanswered) when (attempt == MaxAttempts)
            {
                throw Problem.Unavailable(
                    ProblemCode.Unreachable, $"ECS was asked for a task and it is unknown whether it's running: {unanswered.Message}",
                    "Check the network and the task in ECS.").ToException(unanswered);
            }
            catch (UnknownOutcomeException)
            {
                if (await Find(task.Family, task.Definition) is { } there) return there;
            }
        }

        Task Uncancelled()
        {
            cancel.ThrowIfCancellationRequested();
            return writeDown();
        }
    }

    /// <summary>
    /// Searches by task definition: ListTasks accepts startedBy only on its own, and wouldn't show tasks that have already stopped.
    /// </summary>
    private async Task<string?> Find(string family, string definition)
    {
        await Task.Delay(BeforeReading, time);
        for (var look = 1; ; look++)
        {
            foreach (var status in (EcsDesiredStatus[])[EcsDesiredStatus.Running, EcsDesiredStatus.Stopped])
                if ((await ecs.TasksOfFamily(family, status, CancellationToken.None))
                    .FirstOrDefault(t => t.TaskDefinition == definition) is { } there) return there.Arn;
            if (look == MaxReads) return null;
            await Task.Delay(BetweenReads, time);
        }
    }

    private static JsonObject Input(CommandTask task)
    {
        var input = (JsonObject)task.Place.DeepClone();
        (input["taskDefinition"], input["count"], input["startedBy"], input["clientToken"]) = (task.Definition, 1,
            task.StartedBy, task.Token);
        return input;
    }

    private static ProblemException NoRoom(JsonObject answer)
    {
        var reasons = answer.Objects("failures").Select(
            f => string.Join(": ", ((string?[])[f.Text("reason"), f.Text("detail")]).OfType<string>())).Distinct();
        return new Problem(
            AwsProblemCode.Refused, $"ECS started no task for it: {string.Join(", ", reasons.DefaultIfEmpty("it gave no reason"))}.",
            "Check the capacity of the cluster.").ToException();
    }
}
