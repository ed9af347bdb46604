namespace Releases.Aws;

/// <summary>
/// Drives promotions as a long-running process. An agent has no port and no state, and shares the work with other agents through the lease
/// of each app's lock.
/// </summary>
/// <param name="promotions">Starts and drives promotions.</param>
/// <param name="registry">The registry of the rack's agents.</param>
/// <param name="duties">Returns the periodic duties, given the receiver of their log lines.</param>
/// <param name="sendTrace">Returns the sender of the trace of a promotion that has ended, or null if there is no collector.</param>
internal sealed class AwsAgent(
    AwsPromotions promotions, IAgentRegistry registry, Func<Action<string>, IReadOnlyList<PeriodicDuty>> duties,
    Func<Func<Promotion, Task>?> sendTrace) : IRackAgent
{
    /// <summary>
    /// How long cleaning up may take on stopping. Open promotions are handed over after that, within the 60 seconds that the template's
    /// <c>StopTimeout</c> allows, and the 90 of systemd.
    /// </summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(10);

    public async Task Run(Action<string> report, CancellationToken stop)
    {
        var owner = $"agent {Environment.ProcessId} on {Environment.MachineName}";
        var time = promotions.Time;
        PeriodicDuties? running = null;
        var options = new SupervisorOptions(owner, report)
        {
            TakeOverAfter = LockBeat.Lease,
            TakesOffered = true,
            OffersOnStop = true,
            SettleWithin = SettleWithin,
            TakenOver = promotions.TakenOver,
            Released = (_, promotion) =>
            {
                if (promotion is null) return Task.CompletedTask;
                var why = promotion.Reason is { } reason ? $": {reason.TrimEnd('.')}" : "";
                report(
                    $"promotion {promotion.Id} of {promotion.Release} in {promotion.App} has ended: "
                        + $"{promotion.Status.ToString().ToLowerInvariant()}{why}");
                running!.PromotionEnded(promotion.App);
                return Task.CompletedTask;
            },
            SendTrace = sendTrace,
        };
        var heartbeat = new AgentHeartbeat(registry, owner, time);
        await using var supervisor = promotions.Supervise(options);
        running = new([heartbeat.Duty, new OpenPromotions(promotions.Store, supervisor.EnsureDriven, report, time).Duty, .. duties(report)],
            report, time);
        await running.Run(stop);
        await supervisor.Stop();
        await heartbeat.End(report);
    }
}
