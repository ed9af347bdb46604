namespace Releases.Tool;

/// <summary>How a promotion stands.</summary>
/// <param name="Promotion">The promotion.</param>
/// <param name="Standing">The app's lock, which the promotion holds or not any more.</param>
internal sealed record ProgressView(Promotion Promotion, Standing Standing)
{
    /// <summary>Its lock, while it runs.</summary>
    public PromotionLock? Lock => Standing.Lock is { } held && held.Promotion == Promotion.Id ? held : null;

    /// <summary>What would be done when the time is over, and when.</summary>
    public string TimeLeft(DateTimeOffset now) => Promotion.RollbackDeadline is { } until
        ? $"{Duration.Text(until - now)} left to go back"
        : $"{Duration.Text(Promotion.Deadline - now)} left before it is rolled back";

    public static Slice Slice(Visit visit, ProgressView view) => new AspNetCoreGeneratedDocument.Console_Pages_Progress { Model = view, Visit = visit };
}
