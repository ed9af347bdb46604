using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Tells the lines of one log stream as they come; where they cannot be read, once why.</summary>
internal sealed class LogStreamFollower(JsonService logs, TaskLogStream log, IOneOffCaller caller)
{
    /// <summary>Lines are this long on their way to CloudWatch when nothing more comes.</summary>
    private static readonly TimeSpan DeliveryDelay = TimeSpan.FromSeconds(2);

    private const int EmptyReads = 2;

    private string? _next;
    private bool _said;

    /// <summary>Those that are new.</summary>
    public async Task Print(CancellationToken cancel) => await PrintNew(cancel);

    /// <summary>After the container has ended: prints new lines until none arrives for a while.</summary>
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
            while (await Read(cancel))
                any = true;
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

    /// <summary>One page; false: it was the last one for now.</summary>
    private async Task<bool> Read(CancellationToken cancel)
    {
        var input = new JsonObject { ["logGroupName"] = log.Group, ["logStreamName"] = log.Stream, ["startFromHead"] = true };
        if (_next is not null) input["nextToken"] = _next;
        var page = (await logs.Read("GetLogEvents", input, cancel)).Output;
        foreach (var line in page.Objects("events")) caller.Print(line.Text("message")?.TrimEnd() ?? "");
        _next = page.Text("nextForwardToken");
        return page.Objects("events").Any();
    }

    private void Say(string what)
    {
        if (_said) return;
        _said = true;
        caller.Say($"{char.ToUpperInvariant(what[0])}{what[1..]}.");
    }
}
