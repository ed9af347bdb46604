namespace Releases;

/// <summary>
/// Does for a rack without a daemon what a daemon would do: drives the promotions that are handed over to it or left open, holds them to
/// their limit, and does what is due besides. Several processes may do so at once.
/// </summary>
public interface IRackAgent
{
    /// <summary>
    /// Works until it is stopped, and then leaves what is open to a successor. What AWS or the network refuses meanwhile is reported and
    /// tried again.
    /// </summary>
    /// <param name="report">Takes a line for what happens.</param>
    /// <param name="stop">Stops it.</param>
    Task Run(Action<string> report, CancellationToken stop);
}
