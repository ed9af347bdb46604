using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>Somebody who signed in, until they sign out, stay away too long, or the console ends.</summary>
// Its token may still be asked for by a stream that is just beginning; without a timer there is nothing to dispose of.
#pragma warning disable CA1001
internal sealed class Session(string formToken, DateTimeOffset began, TimeSpan idleTimeout)
#pragma warning restore CA1001
{
    /// <summary>A session is over after this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

    /// <summary>One of a console that others can reach is over sooner if nobody uses it.</summary>
    public static readonly TimeSpan SharedIdleTimeout = TimeSpan.FromHours(1);

    private const int MaxMessages = 16;
    private const int MaxErrors = 32;

    private readonly CancellationTokenSource _ended = new();
    private long _used = began.UtcTicks;
    private int _streams;

    /// <summary>What every form of theirs carries and no other page can know.</summary>
    public string FormToken => formToken;

    /// <summary>The changes of environments that they prepared and that are not made yet.</summary>
    public ConcurrentDictionary<string, EnvironmentDraft> Drafts { get; } = new(StringComparer.Ordinal);

    /// <summary>What a page has to say once: what was done, a value that was revealed, or why a form was not taken.</summary>
    public RecentItems<FlashMessage> Messages { get; } = new(MaxMessages);

    /// <summary>Why a button did not do what it says.</summary>
    public RecentItems<ActionError> Errors { get; } = new(MaxErrors);

    /// <summary>Cancelled when it is over; what streams to its pages ends too.</summary>
    public CancellationToken Ended => _ended.Token;

    public bool IsOver(DateTimeOffset now) =>
        _ended.IsCancellationRequested || now - began > MaxAge
        || now - new DateTimeOffset(Interlocked.Read(ref _used), TimeSpan.Zero) > idleTimeout;

    public void Use(DateTimeOffset now) => Interlocked.Exchange(ref _used, now.UtcTicks);

    public void End() => _ended.Cancel();

    /// <summary>Gives how many streams its browser has now.</summary>
    public int StreamOpened() => Interlocked.Increment(ref _streams);

    public void StreamClosed() => Interlocked.Decrement(ref _streams);
}
