using System.Collections.Concurrent;
using System.Text;

namespace Releases.Local;

/// <summary>Writes the log of a service's processes, rotates it by size, and makes it again if its file or folder was removed.</summary>
internal sealed class ServiceLog : IDisposable
{
    private const long MaxFileBytes = 10 * 1024 * 1024;

    /// <summary>The time after which a write first checks that the file is still in its place.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the file is missing before it is made again. A home that is being removed or moved isn't made again; its daemon soon ends.
    /// </summary>
    private static readonly TimeSpan MissingTime = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly LocalHome _home;
    private readonly string _path;
    private readonly Action<string> _report;
    private FileStream? _file;
    private FileStat? _opened;
    private DateTimeOffset _checkedAt;
    private DateTimeOffset? _missingSince;
    private long _lost;

    /// <param name="home">The home.</param>
    /// <param name="service">The service.</param>
    /// <param name="report">Receives that the file was removed.</param>
    public ServiceLog(LocalHome home, ServiceKey service, Action<string> report) =>
        (_home, _path, _report) = (home, LogFile.PathFor(home, service.App, service.Service), report);

    /// <summary>
    /// Writes a line. If the disk is full, the line is lost and counted: a process doesn't wait for its log. The clock is read under the
    /// lock, so that the log is in order of time whatever writes to it.
    /// </summary>
    public void Write(TimeProvider time, string process, ReleaseId release, string text, bool isError = false)
    {
        lock (_gate)
        {
            var at = time.GetUtcNow();
            try
            {
                CloseIfRemoved(at);
                if (_lost > 0)
                    Write(LogFile.Format(
                        at, process, release, $"({Quantity.Text(_lost, "line")} before this one could not be written)"));
                _lost = 0;
                Write(LogFile.Format(at, process, release, text, isError));
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                _lost++;
                Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>Closes the file if it is no longer the one in its place, so that what is written isn't lost with it.</summary>
    private void CloseIfRemoved(DateTimeOffset now)
    {
        if (_file is not null && (now - _checkedAt).Duration() < CheckInterval) return;
        _checkedAt = now;
        if (_file is null) return;
        if (File.Exists(_path) && FileStat.IsSame(FileStat.Of(_path), _opened))
        {
            _missingSince = null;
            return;
        }

        _missingSince ??= now;
        if ((now - _missingSince.Value).Duration() < MissingTime || !File.Exists(_home.DaemonLock)) return;
        _missingSince = null;
        Dispose();
        _report($"{_path} was removed or replaced: it is made again, and what was printed meanwhile is missing");
    }

    private void Write(string lines)
    {
        var bytes = Encoding.UTF8.GetBytes(lines);
        _file ??= Opened();
        if (_file.Length + bytes.Length > MaxFileBytes && _file.Length > 0) _file = Rotated();
        // Somebody may have emptied the file since.
        _file.Position = _file.Length;
        _file.Write(bytes);
    }

    private FileStream Rotated()
    {
        Dispose();
        for (var n = LogFile.Kept - 1; n >= 1; n--)
            if (File.Exists($"{_path}.{n}")) File.Move($"{_path}.{n}", $"{_path}.{n + 1}", overwrite: true);
        File.Move(_path, $"{_path}.1", overwrite: true);
        return Opened();
    }

    private FileStream Opened()
    {
        var file = Open(_path);
        try
        {
            EndLine(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _opened = FileStat.Of(_path);
        return file;
    }

    /// <summary>Ends a line of which a crash or a full disk left a part.</summary>
    private static void EndLine(FileStream file)
    {
        if (file.Length == 0) return;
        file.Position = file.Length - 1;
        if (file.ReadByte() != '\n') file.WriteByte((byte)'\n');
    }

    private static FileStream Open(string path)
    {
        HomeFolder.CreatePrivate(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions
        { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}

/// <summary>Manages the logs of all services, which are opened on first use.</summary>
internal sealed class ServiceLogs(LocalHome home, Action<string> report) : IDisposable
{
    private readonly ConcurrentDictionary<ServiceKey, Lazy<ServiceLog>> _logs = new();

    public ServiceLog For(ServiceKey service) => _logs.GetOrAdd(service, s => new Lazy<ServiceLog>(() => new(home, s, report))).Value;

    /// <summary>Closes the logs of an app.</summary>
    public void Close(AppName app)
    {
        foreach (var service in _logs.Keys.Where(s => s.App == app))
            if (_logs.TryRemove(service, out var log) && log.IsValueCreated) log.Value.Dispose();
    }

    public void Dispose()
    {
        foreach (var log in _logs.Values.Where(l => l.IsValueCreated)) log.Value.Dispose();
    }
}
