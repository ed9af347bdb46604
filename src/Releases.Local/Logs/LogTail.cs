namespace Releases.Local;

/// <summary>
/// Reads a service's log across all its files, and follows it as it grows and is rotated. No line is lost or repeated, even if the log is
/// rotated several times between reads.
/// </summary>
internal sealed class LogTail : IDisposable
{
    private readonly string _path;
    private readonly ServiceName _service;

    /// <summary>The files that haven't been read completely, oldest first; the last one is read as it grows.</summary>
    private readonly List<LogSegment> _pieces = [];

    public LogTail(string path, ServiceName service)
    {
        (_path, _service) = (path, service);
        AddNewer();
    }

    /// <summary>Reads the lines since the last call.</summary>
    public IEnumerable<LogLine> Read()
    {
        do
        {
            while (_pieces.Count > 0)
            {
                foreach (var line in _pieces[0].Read()) yield return line;
                if (_pieces.Count == 1) break;
                _pieces[0].Dispose();
                _pieces.RemoveAt(0);
            }
        }
        while (AddNewer());
    }

    /// <summary>Reads the existing lines, newest first; <see cref="Read"/> then continues after them.</summary>
    public IEnumerable<LogLine> ReadBack()
    {
        foreach (var piece in _pieces) piece.SkipToEnd();
        return _pieces.AsEnumerable().Reverse().ToList().SelectMany(p => p.ReadBack());
    }

    /// <summary>Skips files that end before a time.</summary>
    public void Skip(DateTimeOffset before)
    {
        var time = LogFile.Time(before);
        while (_pieces.Count > 1 && string.CompareOrdinal(_pieces[1].Head, time) < 0)
        {
            _pieces[0].Dispose();
            _pieces.RemoveAt(0);
        }
    }

    public void Dispose()
    {
        foreach (var piece in _pieces) piece.Dispose();
    }

    /// <summary>
    /// Opens the files that are newer than the newest known one, and returns whether there are any. Rotation only renames files to higher
    /// numbers, highest first, so opening them from the lowest number up may meet a file twice, but misses none.
    /// </summary>
    private bool AddNewer()
    {
        var known = _pieces.LastOrDefault();
        if (known is not null && new FileInfo(_path) is var now && (!now.Exists || known.MayEndAt(now.Length))) return false;
        var newer = new List<LogSegment>();
        var reachedKnown = false;
        foreach (var path in LogFile.Names(_path))
        {
            if (LogSegment.Open(path, _service) is not { } piece) continue;
            reachedKnown = known?.Is(piece) == true;
            if (reachedKnown || newer.Any(n => n.Is(piece))) piece.Dispose();
            else newer.Add(piece);
            if (reachedKnown) break;
        }

        // The newest known file was removed or is no longer kept.
        if (known is not null && !reachedKnown)
            foreach (var older in newer.Where(n => string.CompareOrdinal(n.Head, known.Head) < 0).ToList())
            {
                older.Dispose();
                newer.Remove(older);
            }

        newer.Reverse();
        _pieces.AddRange(newer);
        return newer.Count > 0;
    }
}
