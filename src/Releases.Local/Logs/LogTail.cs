namespace Releases.Local;

/// <summary>
/// Reads one service's log over all its files, and on as it grows and is rotated: no line is lost or told twice, also by
/// one who reads so slowly that it was rotated several times meanwhile.
/// </summary>
internal sealed class LogTail : IDisposable
{
    private readonly string _path;
    private readonly ServiceName _service;

    /// <summary>What is not read yet, the oldest first; the last one is read as it grows.</summary>
    private readonly List<LogSegment> _pieces = [];

    public LogTail(string path, ServiceName service)
    {
        (_path, _service) = (path, service);
        AddNewer();
    }

    /// <summary>The lines that have come since the last call.</summary>
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

    /// <summary>The lines that there are, the newest first; <see cref="Read"/> continues with those that come after them.</summary>
    public IEnumerable<LogLine> ReadBack()
    {
        foreach (var piece in _pieces) piece.SkipToEnd();
        return _pieces.AsEnumerable().Reverse().ToList().SelectMany(p => p.ReadBack());
    }

    /// <summary>Leaves out files that end before a time.</summary>
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
    /// Opens the files that are newer than the newest one known, and says whether there are any. Files are only ever renamed
    /// to higher numbers, from the highest down: whoever opens them from the lowest up may meet one twice, and misses none.
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

        // Its newest file was removed, or is older than those that are kept.
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
