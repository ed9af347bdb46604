namespace Releases;

/// <summary>Where a rack keeps its hooks, and the event log as they read it: forward, from a position on.</summary>
public interface IHookStore
{
    /// <summary>The hooks of all apps, also of deleted ones, by app and in the order in which they were added.</summary>
    Task<IReadOnlyList<Hook>> ListHooks(CancellationToken cancel = default);

    /// <summary>Adds a hook, with the event of it. Fails with <see cref="ProblemCode.NoSuchApp"/>.</summary>
    Task AddHook(Hook hook, Event what, CancellationToken cancel = default);

    /// <summary>Removes a hook with its progress, and appends the event of it, if there is one. False: there is no such hook.</summary>
    Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default);

    /// <summary>How far a hook got; null: it delivered nothing yet, or that was lost.</summary>
    Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default);

    /// <summary>
    /// Writes how far a hook got, on condition that what is stored is of the revision before. False: it isn't, or the hook was removed.
    /// </summary>
    Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default);

    /// <summary>
    /// Events after a position, the oldest first; null: from the beginning. An event that is read later never has an earlier position.
    /// </summary>
    Task<IReadOnlyList<LoggedEvent>> EventsAfter(AppName app, string? position, int limit, CancellationToken cancel = default);

    /// <summary>The position of the newest event; null: there is none.</summary>
    Task<string?> LastPosition(AppName app, CancellationToken cancel = default);
}

/// <summary>An event and where it is in its app's log.</summary>
/// <param name="Position">Later events have larger ones, by ordinal comparison.</param>
/// <param name="Event">The event.</param>
public sealed record LoggedEvent(string Position, Event Event);
