using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Reads what a task printed last. What cannot be read is said in place of the lines, as it hides no outcome.</summary>
internal sealed class TaskLines(JsonService logs)
{
    private const int Last = 20;

    /// <summary>The last lines of a container of a task.</summary>
    /// <param name="definition">The task's definition.</param>
    /// <param name="task">The task's ARN.</param>
    /// <param name="container">The container.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<string>> Of(JsonObject definition, string task, string container, CancellationToken cancel)
    {
        var log = TaskLog.Of(definition, task, container);
        if (log.Stream is null) return [log.Elsewhere!];
        try
        {
            var answer = await logs.Read("GetLogEvents", new() { ["logGroupName"] = log.Group, ["logStreamName"] = log.Stream, ["limit"] = Last, ["startFromHead"] = false }, cancel);
            return [.. answer.Output.Objects("events").Select(e => e.Text("message")?.TrimEnd() ?? "")];
        }
        catch (AmazonServiceException nothing) when (IsNoStream(nothing))
        {
            return [];
        }
        catch (Exception refused) when (AwsProblems.OfCall(refused, "CloudWatch Logs") is { } problem)
        {
            return [$"(its lines cannot be read from the log group {log.Group}: {problem.Message.TrimEnd('.')})"];
        }
    }

    /// <summary>A stream is made when its container starts, and shown a little later.</summary>
    public static bool IsNoStream(AmazonServiceException refusal) =>
        refusal.ErrorCode == "ResourceNotFoundException" && refusal.Message.Contains("log stream", StringComparison.Ordinal);
}
