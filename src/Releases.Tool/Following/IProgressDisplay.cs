namespace Releases.Tool;

/// <summary>Shows on standard error how promotions progress.</summary>
internal interface IProgressDisplay
{
    /// <summary>Shows a state of a promotion that is followed.</summary>
    /// <param name="promotion">The state.</param>
    /// <param name="release">What to call its release.</param>
    void Show(Promotion promotion, string release);

    /// <summary>Nothing more comes of it: whoever followed leaves.</summary>
    void Leave();
}
