using System.Collections.Concurrent;

namespace Releases.Testing;

/// <summary>The agents of a rack, in memory.</summary>
public sealed class InMemoryAgents : IAgentRegistry
{
    private readonly ConcurrentDictionary<string, RackAgent> _agents = new();

    /// <summary>What reading and writing fail with; null: they don't.</summary>
    public Exception? Fails { get; set; }

    public Task<IReadOnlyList<RackAgent>> List(CancellationToken cancel = default) =>
        Fails is { } failure ? Task.FromException<IReadOnlyList<RackAgent>>(failure)
            : Task.FromResult<IReadOnlyList<RackAgent>>([.. _agents.Values.OrderBy(a => a.StartedAt)]);

    public Task Save(RackAgent agent, CancellationToken cancel = default)
    {
        if (Fails is { } failure) return Task.FromException(failure);
        _agents[agent.Id] = agent;
        return Task.CompletedTask;
    }

    public Task Remove(string id, CancellationToken cancel = default)
    {
        if (Fails is { } failure) return Task.FromException(failure);
        _agents.TryRemove(id, out _);
        return Task.CompletedTask;
    }
}
