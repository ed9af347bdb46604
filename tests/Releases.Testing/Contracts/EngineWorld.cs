namespace Releases.Testing;

/// <summary>What an engine's contract needs beside the engine: releases that fare in a certain way, and which of them serve.</summary>
public abstract class EngineWorld : IAsyncDisposable
{
    public abstract IEngine Engine { get; }

    /// <summary>Whether the previous processes serve until the shift; ECS gives each new task traffic as soon as it is healthy.</summary>
    public virtual bool HoldsBack => true;

    /// <summary>A new release of these services, all of which will have this outcome: <see cref="RolloutOutcome.Succeeds"/>, <see cref="RolloutOutcome.Fails"/> or
    /// <see cref="RolloutOutcome.NeverHealthy"/>.</summary>
    public abstract Task<Rollout> Release(RolloutOutcome outcome, params string[] services);

    /// <summary>The release whose processes answer for a service; null: none do.</summary>
    public abstract Task<ReleaseId?> Serves(string service);

    /// <summary>The engine's process dies and another one continues, which knows what is active by the records.</summary>
    public abstract Task Die(Rollout? active);

    public abstract ValueTask DisposeAsync();
}
