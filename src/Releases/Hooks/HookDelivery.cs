using System.Runtime.CompilerServices;

namespace Releases;

/// <summary>
/// Delivers the events of a hook one after the other, each until its receiver has it, and records the progress after each one. So an event
/// is delivered at least once and in order, whichever process is killed at any time; a repeated delivery has the same id.
/// </summary>
/// <param name="hooks">The store of the hooks and the event log.</param>
/// <param name="store">The store of the records that events refer to.</param>
/// <param name="vault">Opens the hooks' secrets.</param>
/// <param name="sender">Sends the messages.</param>
/// <param name="origin">The origin of the events.</param>
/// <param name="time">The clock.</param>
public sealed class HookDelivery(
    IHookStore hooks, IReleaseStore store, IVault vault, IHookSender sender, HookOrigin origin, TimeProvider time)
{
    private const int PageSize = 50;

    private static readonly TimeSpan ClaimLimit = HookHttp.Limit * 4;

    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():n}";

    /// <summary>Delivers what is due, until nothing is left or the receiver fails.</summary>
    public async Task Run(Hook hook, CancellationToken cancel)
    {
        while (await Deliver(hook, cancel))
        {
            // Repeats for events that were added in the meantime.
        }
    }

    /// <summary>Sends a test once, and stores nothing about it.</summary>
    public async Task<HookAttempt> Test(Hook hook, CancellationToken cancel)
    {
        var message = new HookMessage(hook, await HookSecrets.Open(vault, hook, cancel), origin, HookMessage.NewId(), null, null, null);
        return (await Try(message, 1, cancel)).Attempt;
    }

    private async Task<bool> Deliver(Hook hook, CancellationToken cancel)
    {
        var progress = await hooks.FindProgress(hook.App, hook.Id, cancel) ?? HookProgress.Of(hook);
        if (progress.DisabledAt is not null || progress.NextAttempt > time.GetUtcNow() || progress.IsClaimedFrom(_owner, time.GetUtcNow()))
            return false;
        var logged = await hooks.EventsAfter(hook.App, progress.Position, PageSize, cancel);
        if (logged.Count == 0) return false;
        var wanted = logged.Where(l => hook.Wants(l.Event.Kind)).ToList();
        if (wanted.Count == 0) return await Save(progress with { Position = logged[^1].Position }, cancel) is not null;
        if (await Save(progress with { Claim = new(_owner, time.GetUtcNow() + ClaimLimit) }, cancel) is not { } claimed) return false;
        try
        {
            return await DeliverEach(hook, claimed, wanted, cancel);
        }
        catch
        {
            // Such as one that this caller may not open: another one may.
            await Release(hook);
            throw;
        }
    }

    private async Task<bool> DeliverEach(Hook hook, HookProgress progress, List<LoggedEvent> wanted, CancellationToken cancel)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            var attempt = await Send(hook, progress, wanted[i], cancel);
            var next = HookRetries.After(progress, wanted[i..], attempt.Attempt, attempt.RetryAfter, time.GetUtcNow());
            var done = wanted[i];
            if (HookRetries.AsksTheNext(next, attempt.Attempt)
                && await TakenBehind(hook, progress, wanted[i..], cancel) is [.., var last] taken)
            {
                next = HookRetries.Past(progress, done, attempt.Attempt, taken);
                (done, i) = (last.Event, i + taken.Count);
            }

            if (next.NextAttempt is null && done.Event.Kind == EventKind.AppDeleted)
            {
                await hooks.RemoveHook(hook.App, hook.Id, null, CancellationToken.None);
                return false;
            }

            var isLast = next.NextAttempt is not null || next.DisabledAt is not null || i >= wanted.Count - 1;
            next = next with { Claim = isLast ? null : new(_owner, time.GetUtcNow() + ClaimLimit) };
            // The event was delivered, so that is recorded even if the caller cancels now.
            if (await Save(next, CancellationToken.None) is not { } saved || saved.NextAttempt is not null || saved.DisabledAt is not null)
                return false;
            progress = saved;
        }

        return true;
    }

    /// <summary>
    /// Tries the events after the first pending one. Returns them up to the one that the receiver took, or none if it took none. An event
    /// that needs no request tells nothing about the receiver, so the one after it is tried too.
    /// </summary>
    private async Task<IReadOnlyList<(LoggedEvent Event, HookAttempt Attempt)>> TakenBehind(
        Hook hook, HookProgress progress, List<LoggedEvent> pending, CancellationToken cancel)
    {
        var tried = new List<(LoggedEvent, HookAttempt)>();
        await foreach (var behind in Behind(hook, pending, cancel).Take(PageSize))
        {
            var (attempt, _) = await Send(hook, progress, behind, cancel);
            if (attempt.Outcome == HookOutcome.Retrying) return [];
            tried.Add((behind, attempt));
            if (attempt.Outcome == HookOutcome.Delivered || attempt.Status is not null) return tried;
        }

        return [];
    }

    /// <summary>Returns the events after the first pending one that the hook wants, as far as there are any yet.</summary>
    private async IAsyncEnumerable<LoggedEvent> Behind(
        Hook hook, List<LoggedEvent> pending, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var next in pending.Skip(1)) yield return next;
        var position = pending[^1].Position;
        while (await hooks.EventsAfter(hook.App, position, PageSize, cancel) is { Count: > 0 } more)
        {
            foreach (var next in more.Where(l => hook.Wants(l.Event.Kind))) yield return next;
            position = more[^1].Position;
        }
    }

    private async Task<(HookAttempt Attempt, TimeSpan? RetryAfter)> Send(
        Hook hook, HookProgress progress, LoggedEvent logged, CancellationToken cancel)
    {
        var (what, id) = (logged.Event, HookMessage.IdOf(hook.App, logged));
        var number = 1 + (progress.Deliveries.FirstOrDefault(d => d.Event == id)?.Attempt ?? 0);
        try
        {
            var message = new HookMessage(
                hook, await HookSecrets.Open(vault, hook, cancel), origin, id, what,
                what.Release is { } release ? await store.FindRelease(hook.App, release, cancel) : null,
                what.Promotion is { } promotion ? await store.FindPromotion(hook.App, promotion, cancel) : null);
            return await Try(message, number, cancel);
        }
        catch (ProblemException locked) when (locked.Is(ProblemCode.Vault))
        {
            return (new(id, HookEvents.Code(what.Kind), time.GetUtcNow(), HookOutcome.Retrying, number, 0, null,
                locked.Problems[0].Message), null);
        }
    }

    private async Task<(HookAttempt Attempt, TimeSpan? RetryAfter)> Try(HookMessage message, int number, CancellationToken cancel)
    {
        var from = time.GetTimestamp();
        var reply = await sender.Send(message, cancel);
        var took = (long)time.GetElapsedTime(from).TotalMilliseconds;
        return (new(message.Id, message.Kind, time.GetUtcNow(), reply.Outcome, number, took, reply.Status, reply.Detail), reply.RetryAfter);
    }

    /// <summary>Returns null if another deliverer was first or the hook was removed.</summary>
    private async Task<HookProgress?> Save(HookProgress progress, CancellationToken cancel)
    {
        var next = progress with { Revision = progress.Revision + 1 };
        return await hooks.TrySaveProgress(next, cancel) ? next : null;
    }

    /// <summary>Releases the claim, so that another deliverer doesn't have to wait until it expires.</summary>
    private async Task Release(Hook hook)
    {
        try
        {
            if (await hooks.FindProgress(hook.App, hook.Id) is { Claim: { } claim } held && claim.Owner == _owner)
                await Save(held with { Claim = null }, CancellationToken.None);
        }
        catch (ProblemException)
        {
            // It expires by itself, and what ended the delivery is reported.
        }
    }
}
