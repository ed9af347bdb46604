namespace Releases;

/// <summary>Where a rack's agents make themselves known.</summary>
public interface IAgentRegistry
{
    /// <summary>The agents that are alive, or died lately; who ended in order isn't among them.</summary>
    Task<IReadOnlyList<RackAgent>> List(CancellationToken cancel = default);

    /// <summary>Writes an agent's sign of life.</summary>
    Task Save(RackAgent agent, CancellationToken cancel = default);

    /// <summary>Removes an agent; one that isn't there is no failure.</summary>
    Task Remove(string id, CancellationToken cancel = default);
}
