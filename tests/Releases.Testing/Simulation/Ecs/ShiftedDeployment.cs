using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>
/// A deployment by BLUE_GREEN, LINEAR or CANARY: both revisions run whole while ECS goes through the stages, and until the last one it can
/// take the traffic back at once.
/// </summary>
internal sealed class ShiftedDeployment(
    string arn, string target, string? before, string? beforeArn, TaskBehavior behavior, int desired, JsonObject configuration,
    IReadOnlyDictionary<string, LambdaBehavior> lambdas, DateTimeOffset startedAt)
        : Deployment(arn, target, before, behavior, desired, startedAt)
{
    private static readonly TimeSpan Pending = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RollbackRequested = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RollingBack = TimeSpan.FromSeconds(5);
    private static readonly LambdaBehavior Quick = new(TimeSpan.FromSeconds(2));

    private readonly IReadOnlyList<StagePart> _parts = Stages.From(configuration);
    private readonly List<LifecycleHook> _all = [];
    private List<LifecycleHook>? _hooks;
    private int _at;
    private DateTimeOffset _since = startedAt;
    private DateTimeOffset? _scalesSince;
    private (DateTimeOffset At, string Reason)? _back;
    private DateTimeOffset? _replacedAt;
    private DateTimeOffset? _doneAt;

    public override bool KeepsAllOldTasks => true;

    /// <summary>The stage that it is in.</summary>
    public string Stage(DateTimeOffset now) => Part(now).Stage;

    public override bool CanStop(DateTimeOffset now) =>
        Status(now) is "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS"
        || (Status(now) is "PENDING" or "IN_PROGRESS" && Part(now).Stage != "CLEAN_UP");

    public override bool HasBreaker => configuration["deploymentCircuitBreaker"]?["enable"]?.GetValue<bool>() ?? false;

    public override int Failures(DateTimeOffset now) => TaskBehavior is TaskBehavior.Fails fails && _scalesSince is { } since
        ? (int)Math.Max(0, ((_back?.At ?? now) - since) / fails.Every)
        : 0;

    public override void Stop(DateTimeOffset now)
    {
        if (Status(now) is "PENDING" or "IN_PROGRESS") _back = (now, "The deployment was stopped by a request.");
    }

    public override void Supersede(DateTimeOffset now)
    {
        if (!IsOver(now)) _replacedAt = now;
    }

    /// <summary>Answers a hook that waits; false: no hook with this id does.</summary>
    public bool Continue(string hookId, string action, DateTimeOffset now)
    {
        Advance(now);
        var answered = _all.Find(h => h.Id == hookId)?.Continue(action, now) ?? false;
        Advance(now);
        return answered;
    }

    public override string Status(DateTimeOffset now)
    {
        Advance(now);
        if (_replacedAt is not null) return "STOPPED";
        if (_back is var (failed, _))
            return now < failed + RollbackRequested ? "ROLLBACK_REQUESTED"
                : Before is null ? "ROLLBACK_FAILED"
                : now < failed + RollbackRequested + RollingBack ? "ROLLBACK_IN_PROGRESS"
                : "ROLLBACK_SUCCESSFUL";
        return _doneAt is not null ? "SUCCESSFUL" : now < StartedAt + Pending ? "PENDING" : "IN_PROGRESS";
    }

    public override DateTimeOffset? FinishedAt(DateTimeOffset now) =>
        !IsOver(now) ? null : _replacedAt ?? (_back is { } back ? back.At + RollbackRequested + RollingBack : _doneAt);

    public override bool FollowsDesiredCount(DateTimeOffset now) => Status(now) == "SUCCESSFUL";

    public override IEnumerable<(DateTimeOffset StartedAt, bool Healthy)> RunningTasks(DateTimeOffset now)
    {
        if (Status(now) is "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED" || TaskBehavior is TaskBehavior.Fails
            || _scalesSince is not { } since) return [];
        var up = since + (TaskBehavior is TaskBehavior.BecomesHealthy lands ? lands.After / 2 : Pending);
        return up > now ? [] : Enumerable.Repeat((up, TaskBehavior is not TaskBehavior.NeverHealthy), Desired);
    }

    public override int OldDesired(DateTimeOffset now) => Part(now).Stage == "CLEAN_UP" || Status(now) == "SUCCESSFUL" ? 0 : Desired;

    public override int OldRunning(DateTimeOffset now) => Before is null || Status(now) == "SUCCESSFUL" ? 0 : Desired;

    public override void AddDetails(JsonObject described, DateTimeOffset now)
    {
        var status = Status(now);
        var weight = status.StartsWith("ROLLBACK", StringComparison.Ordinal) ? 0 : Part(now).Weight;
        var test = status.StartsWith("ROLLBACK", StringComparison.Ordinal) || !Part(now).ShiftedTest ? 0 : 100;
        if (status is "IN_PROGRESS") described["lifecycleStage"] = Part(now).Stage;
        (described["targetServiceRevision"]!["requestedProductionTrafficWeight"],
            described["targetServiceRevision"]!["requestedTestTrafficWeight"]) = (weight, test);
        if (beforeArn is not null)
            described["sourceServiceRevisions"] = new JsonArray(new JsonObject
            {
                ["arn"] = beforeArn,
                ["requestedTaskCount"] = OldDesired(now),
                ["runningTaskCount"] = OldRunning(now),
                ["pendingTaskCount"] = 0,
                ["requestedProductionTrafficWeight"] = 100 - weight,
                ["requestedTestTrafficWeight"] = 0.0,
            });
        described["deploymentConfiguration"] = configuration.DeepClone();
        described["lifecycleHookDetails"] = new JsonArray([.. _all.Select(h => h.Describe(now))]);
        if (_back is { } back && beforeArn is not null)
            described["rollback"] = new JsonObject
            { ["reason"] = back.Reason, ["startedAt"] = back.At.ToUnixTimeMilliseconds() / 1000.0, ["serviceRevisionArn"] = beforeArn };
        if (configuration["alarms"] is not JsonObject alarms) return;
        var rings = _back?.Reason.StartsWith("Alarm", StringComparison.Ordinal) ?? false;
        described["alarms"] = new JsonObject
        {
            ["status"] = rings ? "TRIGGERED" : alarms["enable"]!.GetValue<bool>() ? "MONITORING" : "DISABLED",
            ["alarmNames"] = alarms["alarmNames"]!.DeepClone(),
            ["triggeredAlarmNames"] = rings ? new JsonArray(TaskBehavior.Alarm!.Name) : new JsonArray(),
        };
    }

    private StagePart Part(DateTimeOffset now)
    {
        Advance(now);
        return _parts[Math.Min(_at, _parts.Count - 1)];
    }

    /// <summary>Goes through all that happened until now.</summary>
    private void Advance(DateTimeOffset now)
    {
        while (_back is null && _replacedAt is null && _doneAt is null && _since <= now)
        {
            var part = _parts[_at];
            if (part.Stage == "SCALE_UP") _scalesSince ??= _since;
            if (_hooks is null) _all.AddRange(_hooks = Hooks(part));
            var end = EndOf(part);
            var fails = Failing(part).Where(f => f.At <= now && !(f.At > end)).OrderBy(f => f.At)
                .Select(f => ((DateTimeOffset, string)?)f).FirstOrDefault();
            if (fails is not null) _back = fails;
            if (fails is not null || end is null || end > now) return;
            (_since, _hooks) = (end.Value, null);
            if (++_at == _parts.Count) _doneAt = end;
        }
    }

    /// <summary>When a part has done its own work and all of its hooks let it continue; null: not yet.</summary>
    private DateTimeOffset? EndOf(StagePart part)
    {
        var takes = part.Takes ?? (TaskBehavior switch
        {
            TaskBehavior.BecomesHealthy lands => lands.After,
            TaskBehavior.DiesAfterSuccess lands => lands.After,
            _ => (TimeSpan?)null,
        });
        if (takes is not { } own || _hooks!.Exists(h => h.ContinuesAt is null)) return null;
        return _hooks.Select(h => h.ContinuesAt!.Value).Append(_since + own).Max();
    }

    private IEnumerable<(DateTimeOffset At, string Reason)> Failing(StagePart part)
    {
        foreach (var hook in _hooks!)
            if (hook.RollsBackAt is { } at) yield return (at, hook.Reason);
        if (part.Stage == "SCALE_UP" && TaskBehavior is TaskBehavior.Fails fails && HasBreaker)
            yield return (_since + (fails.Every * Threshold), "The circuit breaker was triggered.");
        if (TaskBehavior.Alarm is { } alarm && alarm.Stage == part.Stage && (configuration["alarms"]?["enable"]?.GetValue<bool>() ?? false))
            yield return (_since + alarm.After, $"Alarm {alarm.Name} is in the state ALARM.");
    }

    private List<LifecycleHook> Hooks(StagePart part) =>
    [
        .. (configuration["lifecycleHooks"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(h => (h["lifecycleStages"] as JsonArray ?? []).Any(s => s!.GetValue<string>() == part.HookStage))
            .Select((h, n) => new LifecycleHook(
                $"hook-{_all.Count + n + 1}", h, lambdas.GetValueOrDefault(h["hookTargetArn"]?.GetValue<string>() ?? "", Quick), _since)),
    ];
}
