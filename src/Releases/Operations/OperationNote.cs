namespace Releases;

/// <summary>Represents what an operation reports while it runs.</summary>
public abstract record OperationNote
{
    private OperationNote()
    {
    }

    /// <summary>A message for the user who is waiting.</summary>
    /// <param name="Text">The text of the message.</param>
    /// <param name="Next">What the user can do now, or null for nothing in particular.</param>
    public sealed record Sentence(string Text, Remedy? Next = null) : OperationNote;

    /// <summary>A release was created. It stays, whatever becomes of its promotion.</summary>
    /// <param name="Release">The release.</param>
    public sealed record ReleaseCreated(Release Release) : OperationNote
    {
        /// <summary>For a rollback, the release that it restores.</summary>
        public Release? Restored { get; init; }
    }

    /// <summary>A promotion was started or taken over: from now on, this process makes sure that it has a driver.</summary>
    /// <param name="App">The app.</param>
    /// <param name="Promotion">The promotion.</param>
    public sealed record PromotionStarted(AppName App, PromotionId Promotion) : OperationNote;

    /// <summary>The state of a followed promotion.</summary>
    /// <param name="Promotion">The promotion.</param>
    /// <param name="Release">The release that is being promoted, or null if its record is gone.</param>
    public sealed record PromotionProgress(Promotion Promotion, Release? Release) : OperationNote;

    /// <summary>Following a promotion was interrupted; what becomes of it is reported next.</summary>
    public sealed record FollowingInterrupted : OperationNote;
}
