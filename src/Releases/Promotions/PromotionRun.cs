using System.Text.Json;

namespace Releases;

/// <summary>One driver's work on one promotion: what is written of it, and each step with its journal entry before its effect.</summary>
internal sealed partial class PromotionRun(
    IReleaseStore store, IEngine engine, TimeProvider time, PromotionLock held, Promotion promotion, Rollout rollout, Redactor redactor, Trouble trouble)
{
    public Promotion Promotion { get; private set; } = promotion;

    public Rollout Rollout { get; } = rollout;

    /// <summary>What keeps it from going on for now.</summary>
    public Trouble Trouble { get; } = trouble;

    public async Task<string?> CancelRequestedBy(CancellationToken cancel) =>
        (await store.FindLock(Promotion.App, cancel))?.CancelRequestedBy;

    /// <summary>Past a limit that is not decided yet, the next look is that far away.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the engine, but not beyond a limit that is still to come.</summary>
    public Task WaitForChange(DateTimeOffset limit, CancellationToken cancel)
    {
        var next = time.GetUtcNow() + LookAgain;
        return WaitForChange(limit > next ? limit : next, null, cancel);
    }

    /// <summary>The same, or until something else is done.</summary>
    private async Task WaitForChange(DateTimeOffset limit, Task? or, CancellationToken cancel)
    {
        var left = limit - time.GetUtcNow();
        if (left <= TimeSpan.Zero) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var change = engine.WaitForChange(Promotion.App, stop.Token);
        await Task.WhenAny(change, Task.Delay(left, time, stop.Token), or ?? change);
        await stop.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        if (change.IsFaulted) await change;
    }

    private async Task Save(Promotion changed, CancellationToken cancel)
    {
        await store.SavePromotion(held, changed, cancel);
        Promotion = changed;
    }

    private async Task Save(PromotionService changed, CancellationToken cancel)
    {
        if (changed != Find(changed.Service)) await Save(With(changed), cancel);
    }

    /// <summary>A service as it is written now: the engine may have written its notes at the last look.</summary>
    private PromotionService Find(ServiceName name) => Promotion.Services.Single(s => s.Service == name);

    private Promotion With(PromotionService changed) =>
        Promotion with { Services = [.. Promotion.Services.Select(s => s.Service == changed.Service ? changed : s)] };

    private async Task Finish(Promotion ended, CancellationToken cancel)
    {
        ended = ended with { EndedAt = time.GetUtcNow() };
        var how = ended.Status.ToString().ToLowerInvariant() + (ended.Reason is { } reason ? $": {reason}" : "");
        await store.FinishPromotion(held, ended, Promote.Event(ended, EventKind.PromotionEnded, ended.CancelledBy ?? ended.StartedBy, how), cancel);
        Promotion = ended;
    }

    private ServiceRollout Port(ServiceName service) =>
        new(Rollout, Rollout.Services.SingleOrDefault(s => s.Service.Name == service) ?? Unresolved(service), new Journal(this, service));

    /// <summary>Going back has to work also where the release can no longer be read.</summary>
    private static ServiceSpec Unresolved(ServiceName service) =>
        new(new Service { Name = service }, new ReleaseService(), 0, new Dictionary<string, string>());

    private PromotionService Observed(PromotionService service, Observation seen) => service with
    {
        Desired = seen.Desired ?? service.Desired,
        Running = seen.Running,
        Healthy = seen.Healthy,
        Old = seen.Old,
        Reason = Redacted(seen.Reason),
        LastLines = Newer(service.LastLines, KeptOutput.Lines(seen.LastLines, redactor)),
        Warnings = Newer(service.Warnings, [.. seen.Warnings.Select(w => Redacted(w)!)]),
    };

    /// <summary>The same list where nothing is new, so that records compare equal and nothing is written.</summary>
    private static IReadOnlyList<string> Newer(IReadOnlyList<string> known, IReadOnlyList<string> seen) =>
        seen.Count == 0 || known.SequenceEqual(seen) ? known : seen;

    private sealed class Journal(PromotionRun run, ServiceName service) : IServiceJournal
    {
        public JsonElement? Notes => Current.Engine;

        public Task Write(JsonElement notes, CancellationToken cancel) => run.Save(run.With(Current with { Engine = notes }), cancel);

        private PromotionService Current => run.Find(service);
    }
}
