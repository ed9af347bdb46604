using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>What becomes of a Lambda hook.</summary>
/// <param name="After">When it answers.</param>
/// <param name="Succeeds">What; null: it never answers, until ECS gives up after a day.</param>
internal sealed record LambdaBehavior(TimeSpan After, bool? Succeeds = true);

/// <summary>A hook that a deployment runs at a stage.</summary>
internal sealed class LifecycleHook(string id, JsonObject stated, LambdaBehavior lambda, DateTimeOffset startedAt)
{
    private static readonly TimeSpan LongestLambda = TimeSpan.FromHours(24);

    private (DateTimeOffset At, string Action)? _answer;

    public string Id => id;

    public bool IsPause => stated["targetType"]?.GetValue<string>() == "PAUSE";

    /// <summary>When it lets the deployment continue; null: not as things stand.</summary>
    public DateTimeOffset? ContinuesAt => End is { Continues: true } end ? end.At : null;

    /// <summary>When it rolls the deployment back; null: not as things stand.</summary>
    public DateTimeOffset? RollsBackAt => End is { Continues: false } end ? end.At : null;

    public string Reason => IsPause
        ? _answer is null ? "A pause hook timed out." : "A pause hook was answered with ROLLBACK."
        : $"The lifecycle hook {stated["hookTargetArn"]} {(lambda.Succeeds is null ? "timed out" : "failed")}.";

    /// <summary>Somebody answers it; false: it does not wait.</summary>
    public bool Continue(string action, DateTimeOffset now)
    {
        if (!IsPause || StatusAt(now) != "AWAITING_ACTION") return false;
        _answer = (now, action);
        return true;
    }

    public JsonObject Describe(DateTimeOffset now)
    {
        var described = new JsonObject { ["hookId"] = id, ["targetType"] = IsPause ? "PAUSE" : "AWS_LAMBDA", ["status"] = StatusAt(now) };
        if (stated["hookTargetArn"] is { } arn) described["targetArn"] = arn.DeepClone();
        if (!IsPause) return described;
        described["expiresAt"] = (startedAt + Timeout).ToUnixTimeMilliseconds() / 1000.0;
        described["timeoutAction"] = TimeoutAction;
        return described;
    }

    private TimeSpan Timeout => TimeSpan.FromMinutes(stated["timeoutConfiguration"]?["timeoutInMinutes"]?.GetValue<int>() ?? 1440);

    private string TimeoutAction => stated["timeoutConfiguration"]?["action"]?.GetValue<string>() ?? "ROLLBACK";

    private (DateTimeOffset At, bool Continues)? End => IsPause
        ? _answer is { } answer ? (answer.At, answer.Action == "CONTINUE") : (startedAt + Timeout, TimeoutAction == "CONTINUE")
        : lambda.Succeeds is { } succeeds ? (startedAt + lambda.After, succeeds) : (startedAt + LongestLambda, false);

    private string StatusAt(DateTimeOffset now)
    {
        if (End is not { } end || now < end.At) return IsPause ? "AWAITING_ACTION" : "IN_PROGRESS";
        if (IsPause && _answer is null) return "TIMED_OUT";
        return end.Continues ? "SUCCEEDED" : "FAILED";
    }
}
