using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Registers a promotion's task definition once enough: one whose answer was lost is looked for by its tag before another is made.
/// </summary>
internal sealed class RegisterOnce(EcsClient ecs, FencedChange change, TimeProvider time)
{
    private const string Register = "RegisterTaskDefinition";
    private const int MaxAttempts = 5;
    private const int MaxReads = 3;
    private const int MaxRevisionsScanned = 5;

    private static readonly TimeSpan BeforeReading = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(4);

    /// <summary>The ARN of a task definition.</summary>
    /// <param name="service">The service.</param>
    /// <param name="definition">The definition, with what it is registered for among its tags.</param>
    /// <param name="asked">Whether it may have been sent already, by a driver that died before the response.</param>
    /// <param name="writeDown">Writes that it is sent.</param>
    /// <param name="cancel">Ends the waiting.</param>
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
                // Looked for above.
            }
        }
    }

    /// <summary>
    /// An exact copy of a task definition in the service's own family. A second one, where an answer is lost, is harmless.
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

    /// <summary>A response without the ARN counts as a lost one.</summary>
    private static string ArnIn(JsonObject answer) =>
        answer["taskDefinition"].Text("taskDefinitionArn") ?? throw new UnknownOutcomeException(
            Register, new UnreadableResponseException("the response has no task definition"));

    private async Task<string?> Find(string family, string mark, CancellationToken cancel)
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

    private static ProblemException Unanswered(ServiceName service, UnknownOutcomeException unanswered) => new Problem(
        ProblemCode.Unreachable, $"the task definition of {service} couldn't be registered: {unanswered.Message}",
        "Check the network, then promote again.").ToException(unanswered);
}
