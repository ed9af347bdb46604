namespace Releases.Tool;

/// <summary>Shows the progress of promotions on standard error.</summary>
internal interface IProgressDisplay
{
    /// <summary>Shows the state of a followed promotion.</summary>
    /// <param name="promotion">The state.</param>
    /// <param name="release">The label of its release.</param>
    void Show(Promotion promotion, string release);

    /// <summary>Ends the display because the promotion is no longer followed.</summary>
    void Leave();
}
