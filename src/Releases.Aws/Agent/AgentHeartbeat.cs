namespace Releases.Aws;

/// <summary>Registers an agent in the rack's table while it runs, and removes agents that died long ago.</summary>
internal sealed class AgentHeartbeat(IAgentRegistry registry, string owner, TimeProvider time)
{
    private static readonly TimeSpan KeepDeadFor = TimeSpan.FromHours(1);

    private readonly string _id = Guid.NewGuid().ToString("n");
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private long? _swept;

    public PeriodicDuty Duty => new("Telling commands that this agent is alive", Beat);

    /// <summary>
    /// Removes the agent, so that commands no longer hand promotions over to it. If that can't be written, they notice its silence.
    /// </summary>
    public async Task End(Action<string> report)
    {
        try
        {
            await registry.Remove(_id);
        }
        catch (ProblemException left)
        {
            report($"The table still lists this agent for {Duration.Text(RackAgent.Silence)}: {left.Problems[0].Message}");
        }
    }

    private async Task<TimeSpan> Beat(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await registry.Save(new() { Id = _id, Owner = owner, Version = ToolVersion.Text, StartedAt = _started, SeenAt = now }, cancel);
        if (_swept is null || time.GetElapsedTime(_swept.Value) >= KeepDeadFor) await Sweep(now, cancel);
        return RackAgent.Pace;
    }

    private async Task Sweep(DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var dead in (await registry.List(cancel)).Where(a => now - a.SeenAt > KeepDeadFor)) await registry.Remove(dead.Id, cancel);
        _swept = time.GetTimestamp();
    }
}
