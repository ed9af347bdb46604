using System.Diagnostics;

namespace Releases.Local;

/// <summary>Represents a daemon that was just started.</summary>
internal abstract class StartedDaemon : IDisposable
{
    /// <summary>Returns the exit code of a daemon that has exited, or null.</summary>
    public abstract Task<int?> ExitCode(CancellationToken cancel);

    public abstract void Dispose();
}

/// <summary>Represents a daemon that was started as a process of its own.</summary>
internal sealed class DaemonChild(Process process) : StartedDaemon
{
    public override Task<int?> ExitCode(CancellationToken cancel) => Task.FromResult<int?>(process.HasExited ? process.ExitCode : null);

    public override void Dispose() => process.Dispose();
}

/// <summary>Represents a daemon that systemd started.</summary>
internal sealed class DaemonUnit(BootUnit unit, TimeProvider time) : StartedDaemon
{
    /// <summary>Asking takes a process of its own.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private long _asked = time.GetTimestamp();

    public override void Dispose() { }

    public override async Task<int?> ExitCode(CancellationToken cancel)
    {
        if (time.GetElapsedTime(_asked) < Interval) return null;
        var code = await unit.ExitCode(cancel);
        _asked = time.GetTimestamp();
        return code;
    }
}
