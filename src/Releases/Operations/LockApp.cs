namespace Releases;

/// <summary>Locks an app against promotions, and unlocks it.</summary>
public sealed class LockApp(OperationContext context)
{
    /// <summary>
    /// Refuses every promotion of the app until it is unlocked. Returns the lock that this one replaces, or null if there was none. Fails
    /// with <see cref="ProblemCode.Usage"/> if the reason is empty.
    /// </summary>
    public async Task<AppHold?> Lock(App app, string reason, CancellationToken cancel)
    {
        var why = RequireReason(reason);
        var by = await context.By(cancel);
        var what = new Event { At = context.Now, Kind = EventKind.AppLocked, By = by, Detail = why };
        await context.Store.ChangeApp(app.Name, a => a with { Hold = new(by, context.Now, why) }, what, cancel);
        return app.Hold;
    }

    /// <summary>Unlocks the app. Returns the removed lock, or null if the app wasn't locked and nothing changed.</summary>
    public async Task<AppHold?> Unlock(App app, CancellationToken cancel)
    {
        if (app.Hold is not { } hold) return null;
        var what = new Event { At = context.Now, Kind = EventKind.AppUnlocked, By = await context.By(cancel), Detail = hold.Reason };
        await context.Store.ChangeApp(app.Name, a => a with { Hold = null }, what, cancel);
        return hold;
    }

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
