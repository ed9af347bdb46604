using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Reads the last lines that a task printed. A failed read returns a line about the failure, because it must not hide the outcome.
/// </summary>
internal sealed class TaskOutput(JsonService logs)
{
    private const int MaxLines = 20;

    /// <summary>Any page may be empty, although lines follow.</summary>
    private const int MaxPages = 10;

    /// <summary>Returns the last lines of a container of a task.</summary>
    /// <param name="definition">The task definition.</param>
    /// <param name="task">The task's ARN.</param>
    /// <param name="container">The name of the container.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<IReadOnlyList<string>> ReadLast(JsonObject definition, string task, string container, CancellationToken cancel)
    {
        var log = TaskLogStream.From(definition, task, container);
        if (log.Stream is null) return [log.Elsewhere!];
        try
        {
            return await ReadLast(log, cancel);
        }
        catch (AmazonServiceException nothing) when (IsMissingStream(nothing))
        {
            return [];
        }
        catch (Exception refused) when (AwsProblems.From(refused, "CloudWatch Logs") is { } problem)
        {
            return [$"(its output can't be read from the log group {log.Group}: {problem.Message.TrimEnd('.')})"];
        }
    }

    private async Task<IReadOnlyList<string>> ReadLast(TaskLogStream log, CancellationToken cancel)
    {
        string? before = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var input = new JsonObject
            {
                ["logGroupName"] = log.Group,
                ["logStreamName"] = log.Stream,
                ["limit"] = MaxLines,
                ["startFromHead"] = false,
            };
            if (before is not null) input["nextToken"] = before;
            var page = (await logs.Read("GetLogEvents", input, cancel)).Output;
            var next = page.Text("nextBackwardToken");
            if (page.Objects("events").ToList() is { Count: > 0 } lines)
                return [.. lines.Select(e => e.Text("message")?.TrimEnd() ?? "")];
            if (next == before) break;
            before = next;
        }

        return [];
    }

    /// <summary>A stream is created when its container starts, and becomes visible a little later.</summary>
    public static bool IsMissingStream(AmazonServiceException refusal) =>
        refusal.ErrorCode == "ResourceNotFoundException" && refusal.Message.Contains("log stream", StringComparison.Ordinal);
}
