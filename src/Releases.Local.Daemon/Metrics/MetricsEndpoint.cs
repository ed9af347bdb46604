namespace Releases.Local;

/// <summary>Serves OpenMetrics on the port that the rack's settings specify, if they do.</summary>
internal sealed class MetricsEndpoint(LocalHome home, Func<string> text, DaemonLog log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private OpenMetricsServer? _server;
    private int? _port;

    /// <summary>Applies the current settings. If the port can't be used, what is being served stays.</summary>
    /// <exception cref="ProblemException">
    /// Fails with <see cref="ProblemCode.RouterSettings"/> or <see cref="ProblemCode.PortInUse"/>.
    /// </exception>
    public async Task Apply()
    {
        await _gate.WaitAsync();
        try
        {
            var port = RouterSettings.Read(home).MetricsPort;
            if (port == _port) return;
            var server = port is { } number ? await OpenMetricsServer.Start(number, text) : null;
            if (_server is not null) await _server.DisposeAsync();
            (_server, _port) = (server, port);
            log.Write(port is null ? "metrics are no longer served" : $"metrics are at {OpenMetrics.Address(port.Value)}");
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _gate.Dispose();
    }
}
