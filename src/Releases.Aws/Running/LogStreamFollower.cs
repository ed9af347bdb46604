using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Prints the lines of one log stream as they arrive; if they can't be read, prints the reason once.</summary>
internal sealed class LogStreamFollower(JsonService logs, TaskLogStream log, IOneOffCaller caller)
{
    /// <summary>How long lines take to arrive in CloudWatch once nothing more is printed.</summary>
    private static readonly TimeSpan DeliveryDelay = TimeSpan.FromSeconds(2);

    private const int EmptyReads = 2;

    private string? _next;
    private bool _said;

    /// <summary>Prints the new lines.</summary>
    public async Task Print(CancellationToken cancel) => await PrintNew(cancel);

    /// <summary>Prints new lines after the container has exited, until none arrive for a while.</summary>
    public async Task PrintRest(TimeProvider time)
    {
        for (var quiet = 0; quiet < EmptyReads; quiet = await PrintNew(CancellationToken.None) ? 0 : quiet + 1)
        {
            if (log.Stream is not null) await Task.Delay(DeliveryDelay, time);
        }
    }

    private async Task<bool> PrintNew(CancellationToken cancel)
    {
        if (log.Stream is null)
        {
            Say(log.Elsewhere!.Trim('(', ')'));
            return false;
        }

        try
        {
            var any = false;
            for (var isLast = false; !isLast;)
            {
                (var hasLines, isLast) = await Read(cancel);
                any |= hasLines;
            }

            return any;
        }
        catch (AmazonServiceException nothing) when (TaskOutput.IsMissingStream(nothing))
        {
            return false;
        }
        catch (Exception refused) when (AwsProblems.From(refused, "CloudWatch Logs") is { } problem)
        {
            Say($"its output can't be read from the log group {log.Group}: {problem.Message.TrimEnd('.')}");
            return false;
        }
    }

    /// <summary>Prints one page. Any page may be empty; the last one for now returns the token that was sent.</summary>
    private async Task<(bool HasLines, bool IsLast)> Read(CancellationToken cancel)
    {
        var input = new JsonObject { ["logGroupName"] = log.Group, ["logStreamName"] = log.Stream, ["startFromHead"] = true };
        if (_next is not null) input["nextToken"] = _next;
        var page = (await logs.Read("GetLogEvents", input, cancel)).Output;
        foreach (var line in page.Objects("events")) caller.Print(line.Text("message")?.TrimEnd() ?? "");
        var (sent, next) = (_next, page.Text("nextForwardToken"));
        _next = next;
        return (page.Objects("events").Any(), next == sent);
    }

    private void Say(string what)
    {
        if (_said) return;
        _said = true;
        caller.Say($"{char.ToUpperInvariant(what[0])}{what[1..]}.");
    }
}
