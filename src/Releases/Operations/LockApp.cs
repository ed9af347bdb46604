namespace Releases;

/// <summary>Locks an app against promotions, and unlocks it.</summary>
public sealed class LockApp(OperationContext context)
{
    /// <summary>
    /// Refuses every promotion of the app until it is unlocked. Returns the lock that this one replaces, or null if there was none. Fails
    /// with <see cref="ProblemCode.Usage"/> if the reason is empty.
    /// </summary>
    public Task<AppHold?> Lock(App app, string reason, CancellationToken cancel) => Lock(app, reason, _ => { }, cancel);

    /// <summary>Locks an app that has no lock. Fails with <see cref="ProblemCode.ChangedMeanwhile"/> if it has one.</summary>
    public Task LockWithoutReplacing(App app, string reason, CancellationToken cancel) => Lock(app, reason, before =>
    {
        if (before is not null) throw Other(app, before, "is locked already").ToException();
    }, cancel);

    private async Task<AppHold?> Lock(App app, string reason, Action<AppHold?> check, CancellationToken cancel)
    {
        var why = RequireReason(reason);
        var by = await context.By(cancel);
        var what = new Event { At = context.Now, Kind = EventKind.AppLocked, By = by, Detail = why };
        AppHold? before = null;
        await context.Store.ChangeApp(
            app.Name,
            current =>
            {
                check(before = current.Hold);
                return current with { Hold = new(by, context.Now, why) };
            },
            what, cancel);
        return before;
    }

    /// <summary>
    /// Removes the lock that the app had when it was read, and returns it, or null if it had none. Fails with
    /// <see cref="ProblemCode.ChangedMeanwhile"/> if it has another one now.
    /// </summary>
    public async Task<AppHold?> Unlock(App app, CancellationToken cancel)
    {
        if (app.Hold is not { } hold) return null;
        var what = new Event { At = context.Now, Kind = EventKind.AppUnlocked, By = await context.By(cancel), Detail = hold.Reason };
        await context.Store.ChangeApp(
            app.Name,
            current => current.Hold is { } now && now != hold
                ? throw Other(app, now, "has another lock now").ToException()
                : current with { Hold = null },
            what, cancel);
        return hold;
    }

    /// <summary>Returns the problem that the app has a lock that the user hasn't seen.</summary>
    /// <param name="app">The app.</param>
    /// <param name="hold">The lock.</param>
    /// <param name="what">What the app does, after its name.</param>
    public Problem Other(App app, AppHold hold, string what) => new(
        ProblemCode.ChangedMeanwhile,
        $"{app.Name} {what}, by {hold.By} {RelativeTime.InSentence(hold.At, context.Now)}: \"{hold.Reason}\".",
        Remedy.Do(Operation.UnlockApp, "Unlock it"), Unchanged: Problem.NothingChanged);

    /// <summary>Returns the reason as it is recorded. Fails with <see cref="ProblemCode.Usage"/> if nothing is left of it.</summary>
    public static string RequireReason(string reason)
    {
        var why = string.Concat((reason ?? "").Where(c => !char.IsControl(c))).Trim();
        return why.Length > 0 ? why : throw new Problem(
            ProblemCode.Usage, "the reason is empty; nothing changed.",
            Remedy.Do(Operation.LockApp, "Give one", OperationOption.Reason, "database migration until 15:00"),
            ProblemKind.Usage).ToException();
    }
}
