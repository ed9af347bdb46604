namespace Releases.Aws;

/// <summary>
/// A driver that is always there: it has no port and no state, and shares the work with others through the lease of each app's lock.
/// </summary>
/// <param name="promotions">Begins and drives promotions.</param>
/// <param name="registry">Where agents make themselves known.</param>
/// <param name="duties">What is due besides; gets what takes its lines.</param>
/// <param name="sendTrace">Sends the trace of a promotion that has ended; null: there is no collector.</param>
internal sealed class AwsAgent(
    AwsPromotions promotions, IAgentRegistry registry, Func<Action<string>, IReadOnlyList<PeriodicDuty>> duties,
    Func<Func<Promotion, Task>?> sendTrace) : IRackAgent
{
    /// <summary>On stopping, how long a promotion that has ended may take for its clean-up: ECS kills a task after 30 seconds.</summary>
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
