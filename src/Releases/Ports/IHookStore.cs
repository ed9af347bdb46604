namespace Releases;

/// <summary>Stores a rack's hooks, and reads the event log for them: forward from a position.</summary>
public interface IHookStore
{
    /// <summary>Returns the hooks of all apps, including deleted ones, by app and in the order in which they were added.</summary>
    /// <param name="unreadable">Receives what is wrong with a hook that is then left out; if null, the read fails.</param>
    /// <param name="cancel">Cancels the read.</param>
    Task<IReadOnlyList<Hook>> ListHooks(Action<ProblemException>? unreadable = null, CancellationToken cancel = default);

    /// <summary>Adds a hook, together with its event. Fails with <see cref="ProblemCode.NoSuchApp"/>.</summary>
    Task AddHook(Hook hook, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Removes a hook with its progress, and appends its event, if there is one. Returns false if the hook doesn't exist.
    /// </summary>
    Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default);

    /// <summary>Returns the progress of a hook, or null if it hasn't delivered anything or the progress was lost.</summary>
    Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default);

    /// <summary>
    /// Writes the progress of a hook, on condition that the stored one has the previous revision. Returns false if it doesn't, or if the
    /// hook was removed.
    /// </summary>
    Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default);

    /// <summary>
    /// Returns the events after a position, or from the beginning if it is null, oldest first. An event that is read later never has an
    /// earlier position.
    /// </summary>
    Task<IReadOnlyList<LoggedEvent>> EventsAfter(AppName app, string? position, int limit, CancellationToken cancel = default);

    /// <summary>Returns the position of the newest event, or null if there is none.</summary>
    Task<string?> LastPosition(AppName app, CancellationToken cancel = default);
}

/// <summary>Represents an event with its position in the app's log.</summary>
/// <param name="Position">The position; later events have larger ones, by ordinal comparison.</param>
/// <param name="Event">The event.</param>
public sealed record LoggedEvent(string Position, Event Event);
