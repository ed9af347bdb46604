using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>Represents the session of a user, until they sign out, stay idle too long, or the console stops.</summary>
// A stream that is just starting may still request the token; without a timer there is nothing to dispose.
#pragma warning disable CA1001
internal sealed class Session(string formToken, DateTimeOffset began, TimeSpan idleTimeout)
#pragma warning restore CA1001
{
    /// <summary>The maximum duration of a session.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

    /// <summary>The idle timeout of sessions on a console that others can reach.</summary>
    public static readonly TimeSpan SharedIdleTimeout = TimeSpan.FromHours(1);

    private const int MaxMessages = 16;
    private const int MaxErrors = 32;

    private readonly CancellationTokenSource _ended = new();
    private long _used = began.UtcTicks;
    private int _streams;

    /// <summary>Gets the token that every form of the session carries and no other site can know.</summary>
    public string FormToken => formToken;

    /// <summary>Gets the session's pending changes of environments.</summary>
    public ConcurrentDictionary<string, EnvironmentDraft> Drafts { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the messages that pages show once: an outcome, a revealed value, or why a form was refused.</summary>
    public RecentItems<FlashMessage> Messages { get; } = new(MaxMessages);

    /// <summary>Gets the errors of buttons.</summary>
    public RecentItems<ActionError> Errors { get; } = new(MaxErrors);

    /// <summary>Gets a token that is cancelled when the session ends, which ends its event streams too.</summary>
    public CancellationToken Ended => _ended.Token;

    public bool IsOver(DateTimeOffset now) =>
        _ended.IsCancellationRequested || now - began > MaxAge
        || now - new DateTimeOffset(Interlocked.Read(ref _used), TimeSpan.Zero) > idleTimeout;

    public void Use(DateTimeOffset now) => Interlocked.Exchange(ref _used, now.UtcTicks);

    public void End() => _ended.Cancel();

    /// <summary>Counts an opened stream and returns the number of open streams.</summary>
    public int StreamOpened() => Interlocked.Increment(ref _streams);

    public void StreamClosed() => Interlocked.Decrement(ref _streams);
}
