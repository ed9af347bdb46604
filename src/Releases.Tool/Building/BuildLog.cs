using System.Text;
using System.Threading.Channels;

namespace Releases.Tool;

/// <summary>The log of a build: shown as it comes, and kept with the build while it runs, without the app's secrets.</summary>
internal sealed class BuildLog
{
    /// <summary>The most characters that are kept.</summary>
    private const int MaxStoredCharacters = 8 * 1024 * 1024;

    /// <summary>How long a line may wait to be kept.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(2);

    private readonly Channel<(string Line, bool IsShown)> _lines = Channel.CreateUnbounded<(string, bool)>();
    private readonly StringBuilder _part = new();
    private readonly Task _writing;
    private readonly IReleaseStore _store;
    private readonly Build _build;
    private int _number;
    private int _kept;
    private string? _trouble;

    /// <param name="store">Keeps it.</param>
    /// <param name="build">The build.</param>
    /// <param name="redactor">Takes the secrets out.</param>
    /// <param name="show">Shows a line.</param>
    /// <param name="time">The clock.</param>
    public BuildLog(IReleaseStore store, Build build, Redactor redactor, Action<string> show, TimeProvider time)
    {
        (_store, _build) = (store, build);
        _writing = Task.Run(() => Write(redactor, show, time));
    }

    /// <summary>Takes a line; from any thread.</summary>
    public void Add(string line) => _lines.Writer.TryWrite((line, false));

    /// <summary>Takes a line that was shown already.</summary>
    public void Keep(string line) => _lines.Writer.TryWrite((line, true));

    /// <summary>Returns when all lines are shown and kept, or the reason why not is reported; a build isn't lost for that.</summary>
    public Task End()
    {
        _lines.Writer.TryComplete();
        return _writing;
    }

    private async Task Write(Redactor redactor, Action<string> show, TimeProvider time)
    {
        var kept = time.GetTimestamp();
        await foreach (var (line, isShown) in _lines.Reader.ReadAllAsync())
        {
            var clean = redactor.Redact(line);
            if (!isShown) show(clean);
            await Put(clean);
            if (time.GetElapsedTime(kept) < FlushInterval) continue;
            await Save();
            kept = time.GetTimestamp();
        }

        await Save();
        if (_trouble is { } trouble) show($"note: part of this log couldn't be stored: {trouble}");
    }

    private async Task Put(string line)
    {
        if (_kept > MaxStoredCharacters) return;
        _kept += line.Length + 1;
        var text = _kept > MaxStoredCharacters ? "… the rest of this log wasn't stored." : line;
        if (_part.Length > 0 && _part.Length + text.Length + 1 > Build.MaxLogPart)
        {
            await Save();
            _number++;
            _part.Clear();
        }

        _part.Append(text.Length < Build.MaxLogPart ? text : text[..Cut(text)] + "…").Append('\n');
    }

    /// <summary>Not between the two halves of a character.</summary>
    private static int Cut(string text) => Build.MaxLogPart - (char.IsHighSurrogate(text[Build.MaxLogPart - 3]) ? 3 : 2);

    private async Task Save()
    {
        if (_part.Length == 0) return;
        try
        {
            await _store.AppendBuildLog(_build.App, _build.Id, _number, _part.ToString());
        }
#pragma warning disable CA1031 // Said at the end of the log; what the build needs of the rack, it fails for itself.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _trouble ??= failure.Message;
        }
    }
}
