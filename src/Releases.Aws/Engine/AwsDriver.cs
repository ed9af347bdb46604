namespace Releases.Aws;

/// <summary>Drives promotions in the process of the command, under a lease in the table, as there is no daemon.</summary>
internal sealed class AwsDriver : IPromotionDriver, IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly IReleaseStore _store;
    private readonly PromotionSupervisor _supervisor;
    private readonly TimeProvider _time;

    public AwsDriver(
        IReleaseStore store, BeginPromotion begin, PromotionDriver driver, EcsEngine engine, PruneAfterPromotion prune, Action<string> report,
        TimeProvider time)
    {
        var options = new SupervisorOptions($"process {Environment.ProcessId} on {Environment.MachineName}", report)
        {
            TakeOverAfter = LockBeat.Lease,
            GivesUp = true,
            SettleWithin = TimeSpan.FromSeconds(60),
            TakenOver = engine.TakenOver,
            Released = (_, ended) => ended is { Status: PromotionStatus.Succeeded } ? prune.Run(ended) : Task.CompletedTask,
        };
        (_store, _supervisor, _time) = (store, new(store, begin, driver, options, time), time);
    }

    public string WithoutThisCommand => DetachedPromotion.OutOfSight;

    public Task Begin(PromotionRequest request, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return _supervisor.Begin(request);
    }

    public Task EnsureDriven(AppName app, CancellationToken cancel = default) => _supervisor.EnsureDriven(app, cancel);

    /// <summary>Waits while only a driver can do the next step; a promotion that another process drives is left at once.</summary>
    public async Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default)
    {
        var outage = new OutageTolerance(_time);
        for (string? said = null; ; cancel.ThrowIfCancellationRequested())
        {
            _supervisor.RequireNotGivenUp(app);
            var driving = _supervisor.Driving(app, promotion);
            try
            {
                if (await _store.FindPromotion(app, promotion, cancel) is not { Ended: false } open) return null;
                if (driving is null) return await _store.FindLock(app, cancel) is { } held && held.Promotion == promotion ? DetachedPromotion.DrivenBy(held) : null;
                if (DetachedPromotion.WaitsUntil(open) is not { } until) return DetachedPromotion.LeftToEcs;
                if (until != said) waiting(said = until);
                outage.Reset();
            }
            catch (ProblemException failure) when (outage.Tolerates(failure))
            {
                // The next look may reach the store.
            }

            var pause = Task.Delay(LookAgain, _time, cancel);
            await Task.WhenAny(driving ?? pause, pause);
        }
    }

    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();
}
