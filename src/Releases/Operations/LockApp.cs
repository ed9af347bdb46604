namespace Releases;

/// <summary>Keeps an app from being promoted, and lets it be promoted again.</summary>
public sealed class LockApp(OperationContext context)
{
    /// <summary>
    /// Refuses every promotion of the app until it is unlocked. Gives the lock whose place this one takes; null: there was none. Fails with
    /// <see cref="ProblemCode.Usage"/> if the reason is empty.
    /// </summary>
    public async Task<AppHold?> Lock(App app, string reason, CancellationToken cancel)
    {
        var why = RequireReason(reason);
        var by = await context.By(cancel);
        var what = new Event { At = context.Now, Kind = EventKind.AppLocked, By = by, Detail = why };
        await context.Store.ChangeApp(app.Name, a => a with { Hold = new(by, context.Now, why) }, what, cancel);
        return app.Hold;
    }

    /// <summary>Gives the lock that was there; null: the app was not locked, and nothing changed.</summary>
    public async Task<AppHold?> Unlock(App app, CancellationToken cancel)
    {
        if (app.Hold is not { } hold) return null;
        var what = new Event { At = context.Now, Kind = EventKind.AppUnlocked, By = await context.By(cancel), Detail = hold.Reason };
        await context.Store.ChangeApp(app.Name, a => a with { Hold = null }, what, cancel);
        return hold;
    }

    /// <summary>The reason as it is recorded. Fails where nothing is left of it.</summary>
    public static string RequireReason(string reason)
    {
        var why = string.Concat((reason ?? "").Where(c => !char.IsControl(c))).Trim();
        return why.Length > 0 ? why : throw new Problem(
            ProblemCode.Usage, "the reason is empty; nothing changed.",
            Remedy.Do(Operation.LockApp, "Give one", "--reason", "database migration until 15:00"), ProblemKind.Usage).ToException();
    }
}
