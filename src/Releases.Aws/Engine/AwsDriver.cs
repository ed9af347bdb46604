namespace Releases.Aws;

/// <summary>
/// Hands promotions over to the rack's agent; without one, drives them in the process of the command, under a lease in the table.
/// </summary>
internal sealed class AwsDriver : IPromotionDriver, IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly AwsPromotions _promotions;
    private readonly PromotionSupervisor _supervisor;
    private readonly IAgentRegistry _agents;
    private readonly Action<string> _report;
    private bool _hasHandedOver;

    public AwsDriver(AwsPromotions promotions, IAgentRegistry agents, PruneAfterPromotion prune, Action<string> report,
        Func<Func<Promotion, Task>?> sendTrace)
    {
        var options = new SupervisorOptions($"process {Environment.ProcessId} on {Environment.MachineName}", report)
        {
            TakeOverAfter = LockBeat.Lease,
            OffersOnStop = true,
            GivesUp = true,
            SettleWithin = TimeSpan.FromSeconds(60),
            TakenOver = promotions.TakenOver,
            SendTrace = sendTrace,
            Released = (_, ended) => ended is { Status: PromotionStatus.Succeeded } ? prune.Run(ended) : Task.CompletedTask,
        };
        (_promotions, _agents, _report, _supervisor) = (promotions, agents, report, promotions.Supervise(options));
    }

    public string WithoutThisCommand => _hasHandedOver ? DetachedPromotion.LeftToAgent : DetachedPromotion.OutOfSight;

    private IReleaseStore Store => _promotions.Store;

    private TimeProvider Time => _promotions.Time;

    public async Task<bool> Begin(PromotionRequest request, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        _hasHandedOver = !request.Drive && await HasAgent(tellIfOlder: true, cancel);
        if (!_hasHandedOver) return await _supervisor.Begin(request);
        if (!await _supervisor.HandOver(request)) return false;
        _report("the rack's agent drives this promotion, so it continues without this command");
        return true;
    }

    public Task EnsureDriven(AppName app, CancellationToken cancel = default) => _supervisor.EnsureDriven(app, cancel);

    /// <summary>
    /// Waits as long as the next step needs this driver, and until an agent has taken what was handed over. A promotion that another
    /// process drives can be left immediately.
    /// </summary>
    public async Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default)
    {
        var outage = new OutageTolerance(Time);
        for (string? said = null; ; cancel.ThrowIfCancellationRequested())
        {
            _supervisor.RequireNotGivenUp(app);
            var driving = _supervisor.Driving(app, promotion);
            try
            {
                if (await Store.FindPromotion(app, promotion, cancel) is not { Ended: false } open) return null;
                var (fate, until) = await State(app, open, driving is not null, cancel);
                if (until is null) return fate;
                if (until != said) waiting(said = until);
                outage.Reset();
            }
            catch (ProblemException failure) when (outage.Tolerates(failure))
            {
                // The next poll may reach the store.
            }

            var pause = Task.Delay(LookAgain, Time, cancel);
            await Task.WhenAny(driving ?? pause, pause);
        }
    }

    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    /// <summary>Returns what becomes of an open promotion without this process, or what has to happen first.</summary>
    private async Task<(string? Fate, string? Until)> State(AppName app, Promotion open, bool isDrivenHere, CancellationToken cancel)
    {
        if (isDrivenHere)
        {
            if (DetachedPromotion.WaitsUntil(open) is { } until) return (null, until);
            if (await HasAgent(tellIfOlder: false, cancel)) return (DetachedPromotion.LeftToAgent, null);
            return (open.WaitsForApproval ? DetachedPromotion.WaitsForApproval : DetachedPromotion.LeftToEcs, null);
        }

        if (await Store.FindLock(app, cancel) is not { } held || held.Promotion != open.Id) return (null, null);
        if (!held.IsOffered) return (DetachedPromotion.DrivenBy(held), null);
        // If no agent takes it in time, this process does.
        await _supervisor.EnsureDriven(app, cancel);
        return (null, DetachedPromotion.UntilTaken);
    }

    /// <summary>Determines whether there is an agent that can drive what this version starts.</summary>
    private async Task<bool> HasAgent(bool tellIfOlder, CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var alive = (await _agents.List(cancel)).Where(a => a.IsAlive(now)).ToList();
        if (alive.Any(a => a.CanTake(now))) return true;
        if (tellIfOlder && alive is [var older, ..])
            _report(
                $"the rack's agent has version {older.Version}, older than this tool's {ToolVersion.Text}, so this command drives the "
                    + "promotion; update the agent");
        return false;
    }
}
