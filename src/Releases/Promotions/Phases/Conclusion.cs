namespace Releases;

/// <summary>
/// Has the engine do what follows from an outcome before the outcome is recorded and the lock released. What can't be done is a warning of
/// the record: the outcome stands.
/// </summary>
internal sealed class Conclusion(
    PromotionJournal journal, RolloutServices services, IEngine engine, PromotionPause pause, RetryReporter retries,
    TimeProvider time)
{
    /// <summary>How long something that may pass is retried before the last try.</summary>
    private static readonly TimeSpan RetryFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async Task<Promotion> Run(Promotion outcome, CancellationToken cancel)
    {
        if (!engine.Concludes) return outcome;
        // Once a dropped service is stopped, a successor must not find a reason to roll back.
        if (outcome.Status == PromotionStatus.Succeeded && !journal.Promotion.IsDecided)
            await journal.Save(journal.Promotion with { IsDecided = true }, cancel);
        for (var began = time.GetTimestamp(); ; await pause.ForChange(time.GetUtcNow() + RetryAfter, cancel))
        {
            var isLast = time.GetElapsedTime(began) >= RetryFor;
            try
            {
                await engine.Conclude(services.All, outcome, isLast, cancel);
                return outcome;
            }
            catch (ProblemException undone) when (!undone.Is(ProblemCode.Fenced))
            {
                if (isLast || !undone.Problems.Any(p => p.MayPass)) return Warned(outcome, undone.Problems);
                retries.Retry(undone.Problems[0].Message);
            }
        }
    }

    /// <summary>
    /// The messages name their service; one that the release no longer has isn't in the record. A promotion that ends before its services
    /// start has none in it, so that they follow its reason.
    /// </summary>
    private static Promotion Warned(Promotion outcome, IReadOnlyList<Problem> undone)
    {
        var warnings = undone.Select(p => p.Reason);
        if (outcome.Services is [var first, ..])
            return outcome with { Services = [first with { Warnings = [.. first.Warnings, .. warnings] }, .. outcome.Services.Skip(1)] };
        var reason = outcome.Reason is { } why ? $"{why.TrimEnd('.')}. " : "";
        return outcome with { Reason = reason + string.Join(' ', warnings) };
    }
}
