namespace Releases;

/// <summary>
/// Does the work of a daemon for a rack that has none: drives the promotions that are handed over to it or left open, enforces their
/// limits, and performs periodic duties. Several processes may do so at once.
/// </summary>
public interface IRackAgent
{
    /// <summary>
    /// Works until it is stopped, and then leaves open promotions to a successor. Failures of the rack or network are reported and retried.
    /// </summary>
    /// <param name="report">Receives a line for each event worth logging.</param>
    /// <param name="stop">Stops the agent.</param>
    Task Run(Action<string> report, CancellationToken stop);
}
