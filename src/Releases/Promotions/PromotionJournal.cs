using System.Text.Json;

namespace Releases;

/// <summary>
/// Represents the record of one promotion. Every write is conditional on the lock's fencing token, so a driver that was taken over fails at
/// its next step.
/// </summary>
internal sealed class PromotionJournal(IReleaseStore store, PromotionLock held, Promotion promotion, TimeProvider time)
{
    public Promotion Promotion { get; private set; } = promotion;

    /// <summary>Whether this process sends the trace once the end is recorded.</summary>
    public bool SendsTrace { get; init; }

    /// <summary>Does what follows from an outcome before it is recorded, and returns the outcome to record.</summary>
    public Func<Promotion, CancellationToken, Task<Promotion>> Conclude { get; set; } = (outcome, _) => Task.FromResult(outcome);

    /// <summary>Opens the journal of the promotion that a lock belongs to.</summary>
    public static async Task<PromotionJournal> Open(
        IReleaseStore store, PromotionLock held, TimeProvider time, bool sendsTrace, CancellationToken cancel)
    {
        var promotion = await store.FindPromotion(held.App, held.Promotion, cancel)
            ?? throw new InvalidOperationException($"The lock of {held.App} names promotion {held.Promotion}, which is not in the store.");
        return new(store, held, promotion, time) { SendsTrace = sendsTrace };
    }

    /// <summary>
    /// Returns the service as it is now recorded. The engine writes its own notes, so it is read again after every call of the engine.
    /// </summary>
    public PromotionService Find(ServiceName service) => Promotion.Services.Single(s => s.Service == service);

    public async Task Save(Promotion changed, CancellationToken cancel)
    {
        await store.SavePromotion(held, changed, cancel);
        Promotion = changed;
    }

    public async Task Save(PromotionService changed, CancellationToken cancel)
    {
        if (changed != Find(changed.Service)) await Save(With(changed), cancel);
    }

    /// <summary>Writes the services if one of them changed.</summary>
    public async Task Save(IReadOnlyList<PromotionService> services, CancellationToken cancel)
    {
        if (!services.SequenceEqual(Promotion.Services)) await Save(Promotion with { Services = services }, cancel);
    }

    /// <summary>Concludes the promotion, writes the outcome and releases the lock.</summary>
    public async Task Finish(Promotion ended, CancellationToken cancel)
    {
        ended = await Conclude(ended, cancel) with { IsDecided = false };
        var now = time.GetUtcNow();
        ended = ended with
        {
            EndedAt = now,
            Steps = ended.StepsUntil(now),
            // The engine writes its notes while it concludes.
            Services = [.. ended.Services.Select(s => s with { Engine = Find(s.Service).Engine })],
        };
        if (SendsTrace && ended.Trace is { } trace) ended = ended with { Trace = trace with { IsSentByDriver = true } };
        var detail = ended.Status.ToString().ToLowerInvariant() + (ended.Reason is { } reason ? $": {reason}" : "");
        await store.FinishPromotion(held, ended, ended.ToEvent(EventKind.PromotionEnded, ended.CancelledBy ?? ended.StartedBy, detail),
            cancel);
        Promotion = ended;
    }

    /// <summary>Ends the promotion as cancelled, before any service was touched.</summary>
    public Task FinishCancelled(string by, CancellationToken cancel) =>
        Finish(Promotion with { Status = PromotionStatus.Cancelled, CancelledBy = by, Reason = RolloutFailure.Cancelled(by).Reason },
            cancel);

    public async Task<string?> CancelRequestedBy(CancellationToken cancel) =>
        (await store.FindLock(Promotion.App, cancel))?.CancelRequestedBy;

    /// <summary>Returns who requested that the rollback ends although it isn't finished, or null if nobody did.</summary>
    public async Task<string?> RollbackEndedBy(CancellationToken cancel) =>
        (await store.FindLock(Promotion.App, cancel))?.RollbackEndedBy;

    /// <summary>Returns who approved the promotion, or null if nobody did or it was cancelled.</summary>
    public async Task<string?> ApprovedBy(CancellationToken cancel) => Approver(await store.FindLock(Promotion.App, cancel));

    /// <summary>
    /// Ends the wait for an approval, in the document in which approvals are recorded, so that none is accepted and then ignored. Returns
    /// who approved the promotion before that, or null if nobody did or it was cancelled.
    /// </summary>
    public async Task<string?> EndHold(CancellationToken cancel) => Approver(await store.EndHold(held, cancel));

    private static string? Approver(PromotionLock? seen) => seen is { CancelRequestedBy: null, ApprovedBy: { } by } ? by : null;

    /// <summary>Returns the running services that the release no longer has.</summary>
    public async Task<IReadOnlyList<ServiceName>> Retired(Rollout rollout, CancellationToken cancel) =>
        Promotion.Previous is { } previous && await store.FindRelease(Promotion.App, previous, cancel) is { } release
            ? [.. release.Services.Keys.Where(s => rollout.Services.All(r => r.Service.Name != s)).Order()]
            : [];

    /// <summary>Returns the journal in which the engine keeps its notes on a service.</summary>
    public IServiceJournal Notes(ServiceName service) => new ServiceNotes(this, service);

    private Promotion With(PromotionService changed) =>
        Promotion with { Services = [.. Promotion.Services.Select(s => s.Service == changed.Service ? changed : s)] };

    private sealed class ServiceNotes(PromotionJournal journal, ServiceName service) : IServiceJournal
    {
        public JsonElement? Notes => journal.Find(service).Engine;

        public Task Write(JsonElement notes, CancellationToken cancel) =>
            journal.Save(journal.With(journal.Find(service) with { Engine = notes }), cancel);
    }
}
