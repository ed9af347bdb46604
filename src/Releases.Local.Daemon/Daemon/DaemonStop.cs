namespace Releases.Local;

/// <summary>Represents the request to stop the daemon, by a command or a signal.</summary>
internal sealed class DaemonStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private volatile bool _isForRestart;

    /// <summary>Gets a token that is cancelled once the daemon is to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>
    /// Gets whether the last request was that of a restart, which starts the rack again. If it is killed before that, the rack isn't
    /// stopped.
    /// </summary>
    public bool IsForRestart => _isForRestart;

    public void Request(bool isForRestart = false)
    {
        _isForRestart = isForRestart;
        _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
