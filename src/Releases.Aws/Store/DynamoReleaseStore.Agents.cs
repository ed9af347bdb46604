namespace Releases.Aws;

internal sealed partial class DynamoReleaseStore : IAgentRegistry
{
    /// <summary>
    /// When DynamoDB may remove the item of an agent that died, in Unix seconds, provided that this is the table's TTL attribute.
    /// </summary>
    private const string Expires = "expires";

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public Task OfferLock(PromotionLock held, CancellationToken cancel = default) => _table.Redo<bool>(
        async () =>
        {
            if (await StoredLock(held.App, cancel) is not { } stored || !held.Holds(stored.Lock)) throw held.Fenced().ToException();
            return (await _table.TryWrite([Replace(ItemOf(stored.Lock.Offered()), stored.Revision)], cancel), true);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AppName>> ListPromoting(CancellationToken cancel = default) =>
    [
        .. (await _table.Newest(Keys.Promoting, Keys.ListedName, int.MaxValue, null, cancel))
            .Select(i => AppName.Parse(i.SortKey[Keys.ListedName.Length..])).Order(),
    ];

    async Task<IReadOnlyList<RackAgent>> IAgentRegistry.List(CancellationToken cancel) =>
    [
        .. (await _table.Newest(Keys.Agents, Keys.AgentId, int.MaxValue, null, cancel))
            .Select(i => i.Document(StoreJson.Default.RackAgent)).OrderBy(a => a.StartedAt),
    ];

    async Task IAgentRegistry.Save(RackAgent agent, CancellationToken cancel) => await _table.TryWrite(
        [Put(Item.From(Keys.Agent(agent.Id), agent, StoreJson.Default.RackAgent)
            .With(Expires, (agent.SeenAt + KeptFor).ToUnixTimeSeconds()))],
        cancel);

    async Task IAgentRegistry.Remove(string id, CancellationToken cancel) =>
        await _table.TryWrite([Write.Delete(_table.Name, Keys.Agent(id))], cancel);
}
