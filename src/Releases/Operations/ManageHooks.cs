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
    /// <summary>Returns the hooks of an app, in the order in which they were added.</summary>
    public async Task<IReadOnlyList<HookStatus>> List(AppName app, CancellationToken cancel)
    {
        var listed = new List<HookStatus>();
        foreach (var hook in (await context.Rack.Hooks.ListHooks(cancel: cancel)).Where(h => h.App == app))
            listed.Add(new(hook, await context.Rack.Hooks.FindProgress(app, hook.Id, cancel) ?? HookProgress.Of(hook)));
        return listed;
    }

    /// <summary>Returns one hook. Fails with <see cref="ProblemCode.NotFound"/>.</summary>
    public async Task<HookStatus> Find(AppName app, HookId id, CancellationToken cancel) =>
        (await List(app, cancel)).FirstOrDefault(h => h.Hook.Id == id) ?? throw NotFound(app, id).ToException();

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
