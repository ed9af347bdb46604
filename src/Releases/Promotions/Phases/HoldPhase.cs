namespace Releases;

/// <summary>
/// Waits before the first traffic step until somebody approves, and is rolled back where nobody does in time. The time since it waits is
/// written, so a successor waits for what is left of it.
/// </summary>
internal sealed class HoldPhase(PromotionJournal journal, RolloutWatch watch, RolloutEnd end, PromotionPause pause, TimeProvider time)
{
    public bool IsDue => journal.Promotion is { IsBeforeTraffic: true, Hold.ApprovedAt: null };

    public async Task Run(CancellationToken cancel)
    {
        var hold = journal.Promotion.Hold!;
        if (hold.Since is null) await journal.Save(journal.Promotion with { Hold = hold = hold with { Since = time.GetUtcNow() } }, cancel);
        var until = hold.Until!.Value;
        while (true)
        {
            var now = time.GetUtcNow();
            if (await journal.ApprovedBy(cancel) is { } by && now < until)
            {
                // What nobody needed of the wait is not added to the time of what follows.
                await journal.Save(
                    journal.Promotion with
                    {
                        Hold = hold with { ApprovedBy = by, ApprovedAt = now },
                        Deadline = journal.Promotion.Deadline - (until - now)
                    }, cancel);
                return;
            }

            if (now >= until) watch.Fail(new($"nobody approved it within {Duration.Text(TimeSpan.FromSeconds(hold.Seconds))}."));
            else await watch.Look(cancel);
            if (await end.IsDecided(cancel)) return;
            await pause.ForChange(until, cancel);
        }
    }
}
