namespace Releases.Tool;

/// <summary>Shows the progress of a promotion, as talk.</summary>
internal interface IProgressDisplay
{
    /// <summary>Shows every state that is handed over while the promotion is followed, and gives its last.</summary>
    Task<Promotion> While(Func<Action<Promotion>, Task<Promotion>> following);
}
