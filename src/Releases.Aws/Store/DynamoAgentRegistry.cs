namespace Releases.Aws;

/// <summary>Stores the heartbeats of a rack's agents in the rack's table.</summary>
internal sealed class DynamoAgentRegistry(Table table) : IAgentRegistry
{
    /// <summary>
    /// When DynamoDB may remove the item of an agent that died, in Unix seconds, provided that this is the table's TTL attribute.
    /// </summary>
    private const string Expires = "expires";

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<RackAgent>> List(CancellationToken cancel = default) =>
    [
        .. (await table.Newest(Keys.Agents, Keys.AgentId, int.MaxValue, null, cancel))
            .Select(i => i.Document(StoreJson.Default.RackAgent)).OrderBy(a => a.StartedAt),
    ];

    public async Task Save(RackAgent agent, CancellationToken cancel = default) => await table.TryWrite(
        [Write.Put(table.Name, Item.From(Keys.Agent(agent.Id), agent, StoreJson.Default.RackAgent)
            .With(Expires, (agent.SeenAt + KeptFor).ToUnixTimeSeconds()))],
        cancel);

    public async Task Remove(string id, CancellationToken cancel = default) =>
        await table.TryWrite([Write.Delete(table.Name, Keys.Agent(id))], cancel);
}
