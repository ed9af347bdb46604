namespace Releases.Local;

/// <summary>
/// Keeps the last lines that a process printed. For an unhandled .NET exception, the first lines are kept too: they say what went wrong,
/// and the stack trace below them is often longer than everything that is kept.
/// </summary>
internal sealed class OutputTail
{
    private const int MaxLines = 20;
    private const int MaxCrashLines = 3;
    private const string Crash = "Unhandled exception.";

    private readonly Queue<string> _lines = new();
    private readonly List<string> _crash = [];
    private int _sinceCrash;

    public IReadOnlyList<string> All
    {
        get { lock (_lines) return _sinceCrash <= MaxLines ? [.. _lines] : [.. _crash, "…", .. _lines.Skip(_crash.Count + 1)]; }
    }

    public void Add(string line)
    {
        lock (_lines)
        {
            NoteCrash(line);
            _lines.Enqueue(line);
            if (_lines.Count > MaxLines) _lines.Dequeue();
        }
    }

    private void NoteCrash(string line)
    {
        if (line.StartsWith(Crash, StringComparison.Ordinal))
        {
            _crash.Clear();
            _sinceCrash = 0;
        }
        else if (_sinceCrash == 0) return;

        if (_crash.Count < MaxCrashLines) _crash.Add(line);
        _sinceCrash++;
    }
}
