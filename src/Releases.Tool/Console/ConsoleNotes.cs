namespace Releases.Tool;

/// <summary>What an operation that a button has begun reports: the console sees promotions through, and pages show the rest.</summary>
/// <param name="follower">The promotions that the console sees through.</param>
/// <param name="created">What to do about a release that was made.</param>
internal sealed class ConsoleNotes(PromotionFollower follower, Action<Release>? created) : IProgress<OperationNote>
{
    public void Report(OperationNote value)
    {
        switch (value)
        {
            case OperationNote.PromotionStarted started:
                follower.Begin(started.App, started.Promotion);
                break;
            case OperationNote.ReleaseCreated made:
                created?.Invoke(made.Release);
                break;
        }
    }
}
