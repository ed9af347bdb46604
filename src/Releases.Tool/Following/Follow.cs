namespace Releases.Tool;

/// <summary>Watches a promotion until it ends, and sees to it meanwhile that somebody drives it.</summary>
internal sealed class Follow(Rack rack, TimeProvider time)
{
    private static readonly TimeSpan Nudge = TimeSpan.FromSeconds(1);

    /// <summary>Shows every state that it sees and returns the last.</summary>
    public async Task<Promotion> ToTheEnd(AppName app, PromotionId id, Action<Promotion> show, CancellationToken cancel)
    {
        var nudged = time.GetTimestamp();
        var outage = new OutageTolerance(time);
        while (true)
        {
            try
            {
                var promotion = await rack.Store.RequirePromotion(app, id, cancel);
                show(promotion);
                if (promotion.Ended) return promotion;
                if (time.GetElapsedTime(nudged) >= Nudge)
                {
                    await rack.Driver.EnsureDriven(app, cancel);
                    nudged = time.GetTimestamp();
                }

                outage.Reset();
            }
            catch (ProblemException failure) when (outage.Tolerates(failure))
            {
                // The next look may reach them.
            }

            await Task.Delay(rack.Pace, time, cancel);
        }
    }
}
