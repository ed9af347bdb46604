namespace Releases;

/// <summary>Represents a hook and its progress.</summary>
/// <param name="Hook">The hook.</param>
/// <param name="Progress">Its deliveries, and how far it got.</param>
public sealed record HookStatus(Hook Hook, HookProgress Progress)
{
    /// <summary>The latest delivery, or null if there was none.</summary>
    public HookAttempt? Last => Progress.Deliveries.Count > 0 ? Progress.Deliveries[0] : null;
}

/// <summary>Lists, tests and removes the hooks of an app.</summary>
public sealed class ManageHooks(OperationContext context)
{
    private const int PageSize = 50;

    /// <summary>
    /// Returns the hooks of an app, in the order in which they were added, without those of a deleted app of the same name. These get the
    /// events up to its deletion and are then removed.
    /// </summary>
    public async Task<IReadOnlyList<HookStatus>> List(AppName app, CancellationToken cancel)
    {
        var listed = new List<HookStatus>();
        var since = (await context.Store.FindApp(app, cancel))?.CreatedAt;
        foreach (var hook in (await context.Rack.Hooks.ListHooks(cancel: cancel)).Where(h => h.App == app))
        {
            var status = await StatusOf(hook, cancel);
            if (hook.CreatedAt >= since || !await IsBeforeDeletion(app, status.Progress.Position, cancel)) listed.Add(status);
        }

        return listed;
    }

    private async Task<HookStatus> StatusOf(Hook hook, CancellationToken cancel) =>
        new(hook, await context.Rack.Hooks.FindProgress(hook.App, hook.Id, cancel) ?? HookProgress.Of(hook));

    /// <summary>The log decides, because the clocks of whoever created the app and of whoever added the hook may differ.</summary>
    private async Task<bool> IsBeforeDeletion(AppName app, string? position, CancellationToken cancel)
    {
        while (await context.Rack.Hooks.EventsAfter(app, position, PageSize, cancel) is { Count: > 0 } page)
        {
            if (page.Any(l => l.Event.Kind == EventKind.AppDeleted)) return true;
            position = page[^1].Position;
        }

        return false;
    }

    /// <summary>
    /// Returns one hook, also one of a deleted app of the same name. Fails with <see cref="ProblemCode.NotFound"/>.
    /// </summary>
    public async Task<HookStatus> Find(AppName app, HookId id, CancellationToken cancel) =>
        (await context.Rack.Hooks.ListHooks(cancel: cancel)).FirstOrDefault(h => h.App == app && h.Id == id) is { } hook
            ? await StatusOf(hook, cancel) : throw NotFound(app, id).ToException();

    /// <summary>Sends a test immediately, ahead of pending events, and returns the result.</summary>
    public async Task<HookAttempt> Test(AppName app, HookId id, CancellationToken cancel)
    {
        var found = await Find(app, id, cancel);
        using var http = new HookHttp(context.Time);
        return await context.Rack.HookDelivery(http, context.Time).Test(found.Hook, cancel);
    }

    /// <summary>Removes a hook; undelivered events are never delivered. Fails with <see cref="ProblemCode.NotFound"/>.</summary>
    public async Task<Hook> Remove(AppName app, HookId id, CancellationToken cancel)
    {
        var hook = (await Find(app, id, cancel)).Hook;
        var what = AddHook.EventOf(hook, EventKind.HookRemoved, await context.By(cancel), context.Now);
        return await context.Rack.Hooks.RemoveHook(app, id, what, cancel) ? hook : throw NotFound(app, id).ToException();
    }

    private static Problem NotFound(AppName app, HookId id) => new(
        ProblemCode.NotFound, $"{app} has no hook {id}.", Remedy.Do(Operation.ListHooks, "List hooks"));
}
