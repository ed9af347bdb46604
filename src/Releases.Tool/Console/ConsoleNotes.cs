namespace Releases.Tool;

/// <summary>
/// Handles the progress of an operation that a button started: the console drives its promotions to the end, and the pages show the rest.
/// </summary>
/// <param name="follower">Follows the promotions until they end.</param>
/// <param name="created">The action to take for a new release.</param>
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
