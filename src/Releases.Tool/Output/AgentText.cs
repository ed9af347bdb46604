namespace Releases.Tool;

/// <summary>Formats the agents of a rack for people.</summary>
internal static class AgentText
{
    /// <summary>Formats an agent: <c>agent 1 on ip-10-0-1-7, version 0.2.0, seen 4 seconds ago</c>.</summary>
    public static string From(RackAgent agent, DateTimeOffset now) =>
        $"{agent.Owner}, version {agent.Version}, seen {RelativeTime.InSentence(agent.SeenAt, now)}";

    /// <summary>Returns a sentence about all agents, or null if the rack has a daemon instead.</summary>
    public static string? Sentence(IReadOnlyList<RackAgent>? agents, DateTimeOffset now) => agents switch
    {
        null => null,
        [] => "No agent is running, so commands drive their promotions.",
        _ => $"Running agents: {string.Join("; ", agents.Select(a => From(a, now)))}.",
    };
}
