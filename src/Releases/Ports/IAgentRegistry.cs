namespace Releases;

/// <summary>Keeps track of a rack's agents.</summary>
public interface IAgentRegistry
{
    /// <summary>Returns the agents that are alive or died recently; an agent that stopped gracefully isn't among them.</summary>
    Task<IReadOnlyList<RackAgent>> List(CancellationToken cancel = default);

    /// <summary>Writes an agent's heartbeat.</summary>
    Task Save(RackAgent agent, CancellationToken cancel = default);

    /// <summary>Removes an agent; succeeds if it doesn't exist.</summary>
    Task Remove(string id, CancellationToken cancel = default);
}
