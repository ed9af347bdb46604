namespace Releases.Local.Tests;

/// <summary>Several processes that take requests and break the connection without an answer.</summary>
internal sealed class BreakingServers(IReadOnlyList<BreakingServer> servers) : IAsyncDisposable
{
    public RouteTarget[] Targets { get; } = [.. servers.Select(s => s.Target)];

    public IEnumerable<int> Requests => servers.Select(s => s.Requests);

    public static async Task<BreakingServers> Start(int count) =>
        new(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => BreakingServer.Start())));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers) await server.DisposeAsync();
    }
}
