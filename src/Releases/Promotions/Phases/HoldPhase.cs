namespace Releases;

/// <summary>
/// Waits for an approval before the first traffic step, and rolls back if there is none in time. The start of the wait is recorded, so a
/// successor waits only for the rest of it.
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
            if (await (now < until ? journal.ApprovedBy(cancel) : journal.EndHold(cancel)) is { } by)
            {
                // The deadline includes the whole wait, so what it took less is subtracted, and what it took more is added.
                await journal.Save(
                    journal.Promotion with
                    {
                        Hold = hold with { ApprovedBy = by, ApprovedAt = now },
                        Deadline = journal.Promotion.Deadline - (until - now)
                    }, cancel);
                return;
            }

            if (now < until) await watch.Look(cancel);
            // A cancel is the reason also if it is read after the end of the wait.
            else if (await journal.CancelRequestedBy(cancel) is null)
                watch.Fail(new($"nobody approved it within {Duration.Text(TimeSpan.FromSeconds(hold.Seconds))}."));
            if (await end.IsDecided(cancel)) return;
            await pause.ForChange(until, cancel);
        }
    }
}
