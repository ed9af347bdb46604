namespace Releases.Local;

/// <summary>What the daemon runs; nothing where none lives.</summary>
internal sealed class LocalRunning(LocalHome home, DaemonClient client, TimeProvider time) : IRunning
{
    public Task<IReadOnlyList<RunningProcess>> Processes(AppName app, CancellationToken cancel = default) =>
        OrNothing(client.Get(DaemonProtocol.Processes(app), DaemonMessages.Default.IReadOnlyListRunningProcess, cancel));

    public Task<IReadOnlyList<RunningService>> Services(AppName app, CancellationToken cancel = default) =>
        OrNothing(client.Get(DaemonProtocol.Services(app), DaemonMessages.Default.IReadOnlyListRunningService, cancel));

    public IAsyncEnumerable<LogLine> Logs(LogQuery query, CancellationToken cancel = default) =>
        LogReader.Read(home, query, time, cancel);

    private static async Task<IReadOnlyList<T>> OrNothing<T>(Task<IReadOnlyList<T>> asked)
    {
        try
        {
            return await asked;
        }
        catch (HttpRequestException nobody) when (DaemonClient.IsNobody(nobody))
        {
            return [];
        }
    }
}
