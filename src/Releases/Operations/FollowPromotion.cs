namespace Releases;

/// <summary>Follows a promotion until it ends, and makes sure in the meantime that it has a driver.</summary>
public sealed class FollowPromotion(OperationContext context)
{
    private static readonly TimeSpan EnsureDrivenInterval = TimeSpan.FromSeconds(1);

    /// <summary>What has just changed may change again, so this many polls follow at the faster pace.</summary>
    private const int LooksAfterChange = 10;

    /// <summary>
    /// Reports every state and returns the last one. When cancelled, it waits until leaving doesn't harm the promotion, and reports what
    /// becomes of it. Fails with <see cref="ProblemCode.NotFollowed"/> if the promotion can no longer be read, or the rack was stopped.
    /// </summary>
    public async Task<Promotion> ToTheEnd(AppName app, PromotionId promotion, CancellationToken cancel)
    {
        try
        {
            return await Observe(app, promotion, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            context.Notes.Report(new OperationNote.FollowingInterrupted());
            if (await Detach(app, promotion) is not { } fate) return await Ended(app, promotion);
            context.Say(
                $"Detached. The promotion {fate}.",
                Remedy.Do(Operation.WatchPromotion, "Follow it").Or(Remedy.Do(Operation.CancelPromotion, "Stop it")));
            throw;
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw LostContact.WithPromotion(context.Rack, promotion, lost);
        }
    }

    /// <summary>Follows the promotion without detaching, for a process that leaves in its own way.</summary>
    public async Task<Promotion> Observe(AppName app, PromotionId promotion, CancellationToken cancel)
    {
        var (rack, time) = (context.Rack, context.Time);
        var ensured = time.GetTimestamp();
        var outage = new OutageTolerance(time);
        var unchanged = 0;
        string? heldUp = null;
        Promotion? before = null;
        Release? release = null;
        while (true)
        {
            try
            {
                var now = await rack.Store.RequirePromotion(app, promotion, cancel);
                release ??= await rack.Store.FindRelease(app, now.Release, cancel);
                if (!await IsApproved(now, cancel)) context.Notes.Report(new OperationNote.PromotionProgress(now, release));
                if (now.Ended) return now;
                unchanged = IsAsBefore(before, now) ? unchanged + 1 : 0;
                before = now;
                if (time.GetElapsedTime(ensured) >= EnsureDrivenInterval)
                {
                    heldUp = Tell(await rack.Driver.KeepDriven(app, cancel), heldUp, promotion);
                    ensured = time.GetTimestamp();
                }

                outage.Reset();
            }
            catch (ProblemException failure) when (outage.Tolerates(failure))
            {
                // The next poll may succeed.
            }

            await Task.Delay(unchanged < LooksAfterChange ? rack.PaceAfterChange : rack.Pace, time, cancel);
        }
    }

    private string? Tell(string? heldUp, string? before, PromotionId promotion)
    {
        if (heldUp != before) context.Say($"note: {heldUp ?? $"promotion {promotion} continues"}");
        return heldUp;
    }

    /// <summary>
    /// Determines whether a promotion that waits for its approval has got it, which its driver hasn't read yet. It no longer waits then.
    /// </summary>
    private async Task<bool> IsApproved(Promotion promotion, CancellationToken cancel) =>
        promotion.WaitsForApproval && await context.Store.FindLock(promotion.App, cancel) is { ApprovedBy: not null } held
            && held.Promotion == promotion.Id;

    private static bool IsAsBefore(Promotion? before, Promotion now) =>
        before?.Status == now.Status && before.Services.Select(s => s.Status).SequenceEqual(now.Services.Select(s => s.Status));

    /// <summary>
    /// Returns once this process may end without harm to the promotion, with what becomes of it: the text that follows "The promotion ".
    /// Returns null if the promotion has ended. A first Ctrl-C doesn't cut the wait short, because it may be what started it.
    /// </summary>
    public async Task<string?> Detach(AppName app, PromotionId promotion)
    {
        try
        {
            return await context.Rack.Driver.Leave(
                app, promotion,
                until => context.Say(
                    $"Leaving the promotion once {until}. A second Ctrl-C ends the tool at once and leaves the promotion as it is then.",
                    Remedy.Do(Operation.WatchPromotion, "Resume it")),
                CancellationToken.None);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw LostContact.WithPromotion(context.Rack, promotion, lost);
        }
    }

    private async Task<Promotion> Ended(AppName app, PromotionId promotion)
    {
        try
        {
            return await context.Store.RequirePromotion(app, promotion, CancellationToken.None);
        }
        catch (Exception lost)
        {
            throw LostContact.WithPromotion(context.Rack, promotion, lost);
        }
    }
}
