using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Registers a promotion's task definition, if possible once: after a lost response, it is searched for by its tag before it is registered
/// again.
/// </summary>
internal sealed class RegisterOnce(EcsClient ecs, FencedChange change, TimeProvider time)
{
    private const string Register = "RegisterTaskDefinition";
    private const int MaxAttempts = 5;
    private const int MaxReads = 3;
    private const int MaxRevisionsScanned = 5;

    private static readonly TimeSpan BeforeReading = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(4);

    /// <summary>Registers a task definition, and returns its ARN.</summary>
    /// <param name="service">The service.</param>
    /// <param name="definition">The task definition, whose tags mark what it is registered for.</param>
    /// <param name="asked">Whether it may already have been sent, by a driver that died before the response.</param>
    /// <param name="writeDown">Records that it is being sent.</param>
    /// <param name="cancel">Cancels the wait.</param>
    public async Task<string> Ours(ServiceName service, JsonObject definition, bool asked, Func<Task> writeDown, CancellationToken cancel)
    {
        var (family, mark) = (definition.Text("family")!, TaskTags.MarkOf(definition["tags"] as JsonArray)!);
        for (var attempt = 1; ; attempt++)
        {
            if (asked && await Find(family, mark, cancel) is { } there) return there;
            asked = true;
            try
            {
                return ArnIn(await change.Send(writeDown, Register, definition, cancel));
            }
            catch (UnknownOutcomeException unanswered) when (attempt == MaxAttempts)
            {
                throw Unanswered(service, unanswered);
            }
            catch (UnknownOutcomeException)
            {
                // It is searched for at the beginning of the next attempt.
            }
        }
    }

    /// <summary>
    /// Registers an exact copy of a task definition in the service's own family. A second copy after a lost response is harmless.
    /// </summary>
    public async Task<string> Copy(
        ServiceName service, DescribedTaskDefinition of, string family, Func<Task> writeDown, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ArnIn(await change.Send(writeDown, Register, TaskDefinition.Copy(of, family), cancel));
            }
            catch (UnknownOutcomeException unanswered) when (attempt == MaxAttempts)
            {
                throw Unanswered(service, unanswered);
            }
            catch (UnknownOutcomeException)
            {
                await Task.Delay(BeforeReading, time, cancel);
            }
        }
    }

    /// <summary>A response without the ARN counts as lost.</summary>
    private static string ArnIn(JsonObject answer) =>
        answer["taskDefinition"].Text("taskDefinitionArn") ?? throw new UnknownOutcomeException(
            Register, new UnreadableResponseException("the response has no task definition"));

    /// <summary>Returns the task definition that was registered with this mark, or null if three reads show none.</summary>
    public async Task<string?> Find(string family, string mark, CancellationToken cancel)
    {
        await Task.Delay(BeforeReading, time, cancel);
        for (var look = 1; ; look++)
        {
            foreach (var arn in await ecs.NewestTaskDefinitions(family, MaxRevisionsScanned, cancel))
                if (TaskTags.MarkOf((await ecs.TaskDefinition(arn, cancel)).Tags) == mark) return arn;
            if (look == MaxReads) return null;
            await Task.Delay(BetweenReads, time, cancel);
        }
    }

    /// <summary>
    /// Returns all task definitions that were registered with this mark: after a lost response there may be more than one, because ECS may
    /// not have listed the first when it was searched for.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindAll(string family, string mark, CancellationToken cancel)
    {
        var found = new List<string>();
        foreach (var arn in await ecs.NewestTaskDefinitions(family, MaxRevisionsScanned, cancel))
            if (TaskTags.MarkOf((await ecs.TaskDefinition(arn, cancel)).Tags) == mark) found.Add(arn);
        return found;
    }

    private static ProblemException Unanswered(ServiceName service, UnknownOutcomeException unanswered) => Problem.Unavailable(
        ProblemCode.Unreachable, $"the task definition of {service} couldn't be registered: {unanswered.Message}",
        "Check the network, then promote again.").ToException(unanswered);
}
