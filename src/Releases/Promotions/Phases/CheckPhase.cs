namespace Releases;

/// <summary>
/// Reports all obstacles at once, before anything is changed. What is temporary is waited for within the promotion's limit, and the
/// caller's own failures for a minute.
/// </summary>
internal sealed class CheckPhase(
    PromotionJournal journal, Rollout rollout, ReleasePlan plan, IArtifactStore artifacts, IEngine engine,
    ReleasePhase releasing, StartPhase start, PromotionPause pause, TimeProvider time)
{
    public async Task Run(CancellationToken cancel)
    {
        var (began, problems) = (time.GetTimestamp(), await Check(cancel));
        // What couldn't be read of the release was tried before this phase, and isn't read again by it.
        while (plan.Problems.Count == 0 && problems.Count > 0 && problems.All(p => p.MayPass && !IsTried(p, time.GetElapsedTime(began)))
            && await pause.BeforeRetry(problems[0], cancel))
            problems = await Check(cancel);

        if (problems.All(p => p.MayPass) && await journal.CancelRequestedBy(cancel) is { } by)
            await journal.FinishCancelled(by, cancel);
        else if (problems.Count > 0) await Refuse(problems, cancel);
        else if (releasing.HasCommands) await releasing.Begin(cancel);
        else await start.Begin(cancel);
    }

    /// <summary>Determines whether something was tried for long enough: the caller's own failures, for a minute.</summary>
    public static bool IsTried(Problem problem, TimeSpan lasted) => !problem.IsTransient && lasted >= RetryReporter.RetryFor;

    private async Task<IReadOnlyList<Problem>> Check(CancellationToken cancel)
    {
        var problems = await ReleaseObstacles.Find(plan, artifacts, cancel);
        if (problems.Count == 0) problems.AddRange(await engine.Check(rollout, cancel));
        return problems;
    }

    private Task Refuse(IReadOnlyList<Problem> problems, CancellationToken cancel) => journal.Finish(journal.Promotion with
    {
        Status = PromotionStatus.Failed,
        Reason = KeptOutput.Reason(string.Join("; ", problems.Select(p => p.Cause)) + ".", plan.Redactor),
        Findings = [.. problems.Select(p => Finding.From(p with { Message = KeptOutput.Reason(p.Message, plan.Redactor) }))],
    }, cancel);
}
