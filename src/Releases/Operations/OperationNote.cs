namespace Releases;

/// <summary>What an operation reports while it runs.</summary>
public abstract record OperationNote
{
    private OperationNote()
    {
    }

    /// <summary>A sentence for the person who waits.</summary>
    /// <param name="Text">The sentence.</param>
    /// <param name="Next">What can be done now; null: nothing in particular.</param>
    public sealed record Sentence(string Text, Remedy? Next = null) : OperationNote;

    /// <summary>A release was made. It stays, whatever becomes of its promotion.</summary>
    /// <param name="Release">The release.</param>
    public sealed record ReleaseCreated(Release Release) : OperationNote;

    /// <summary>A promotion has begun or was taken over: from now on this process makes sure that it has a driver.</summary>
    /// <param name="App">The app.</param>
    /// <param name="Promotion">The promotion.</param>
    public sealed record PromotionStarted(AppName App, PromotionId Promotion) : OperationNote;

    /// <summary>The state of a promotion that is followed.</summary>
    /// <param name="Promotion">The promotion.</param>
    /// <param name="Release">The release that is promoted; null: its record is gone.</param>
    public sealed record PromotionProgress(Promotion Promotion, Release? Release) : OperationNote;

    /// <summary>Whoever followed a promotion leaves; what becomes of it comes next.</summary>
    public sealed record FollowingInterrupted : OperationNote;
}
