using System.Text.Json.Serialization.Metadata;

namespace Releases.Local;

/// <summary>Reports the daemon's services and processes; empty without a daemon.</summary>
internal sealed class LocalRunning(LocalHome home, LocalDaemon daemon, DaemonClient client, TimeProvider time) : IRunning
{
    public Task<IReadOnlyList<RunningProcess>> Processes(AppName app, CancellationToken cancel = default) =>
        Ask(DaemonProtocol.Processes(app), DaemonMessages.Default.IReadOnlyListRunningProcess, cancel);

    public Task<IReadOnlyList<RunningService>> Services(AppName app, CancellationToken cancel = default) =>
        Ask(DaemonProtocol.Services(app), DaemonMessages.Default.IReadOnlyListRunningService, cancel);

    public TimeSpan? LogPeriod => null;

    public IAsyncEnumerable<LogLine> Logs(LogQuery query, CancellationToken cancel = default) =>
        LogReader.Read(home, query, time, cancel);

    private async Task<IReadOnlyList<T>> Ask<T>(string path, JsonTypeInfo<IReadOnlyList<T>> type, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await client.Get(path, type, cancel);
            }
            catch (Exception lost) when (DaemonClient.IsConnectionLost(lost) && attempt < DaemonClient.Attempts)
            {
                // Reading doesn't start a daemon, but waits for one that is starting.
                if (!await daemon.IsStarting(cancel)) return [];
            }
        }
    }
}
