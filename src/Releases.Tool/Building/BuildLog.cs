using System.Text;
using System.Threading.Channels;

namespace Releases.Tool;

/// <summary>
/// Represents the log of a build. Its lines are shown as they arrive and stored with the build while it runs, without the app's secrets.
/// Lines that arrive before the build begins are stored with it too.
/// </summary>
internal sealed class BuildLog : IAsyncDisposable
{
    /// <summary>The maximum number of characters to store.</summary>
    private const int MaxStoredCharacters = 8 * 1024 * 1024;

    /// <summary>The maximum time for which a line stays unstored.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(2);

    private readonly Channel<(string Line, bool IsKept)> _lines = Channel.CreateUnbounded<(string, bool)>();
    private readonly StringBuilder _part = new();
    private readonly Task _writing;
    private readonly IReleaseStore _store;
    private volatile Build? _build;
    private int _number;
    private int _kept;
    private string? _trouble;

    /// <param name="store">The store that keeps the log.</param>
    /// <param name="redactor">Removes the secrets.</param>
    /// <param name="show">Shows a line.</param>
    /// <param name="time">The clock.</param>
    public BuildLog(IReleaseStore store, Redactor redactor, Action<string> show, TimeProvider time)
    {
        _store = store;
        _writing = Task.Run(() => Write(redactor, show, time));
    }

    /// <summary>Adds a line. Safe to call from any thread.</summary>
    public void Add(string line) => _lines.Writer.TryWrite((line, true));

    /// <summary>Shows a line in order, without storing it.</summary>
    public void Show(string line) => _lines.Writer.TryWrite((line, false));

    /// <summary>Sets the build with which all lines, earlier ones included, are stored.</summary>
    public void KeepWith(Build build) => _build = build;

    /// <summary>
    /// Completes when all lines are shown and stored. If some couldn't be stored, the reason is shown; that doesn't fail the build.
    /// </summary>
    public Task End()
    {
        _lines.Writer.TryComplete();
        return _writing;
    }

    public async ValueTask DisposeAsync() => await End();

    private async Task Write(Redactor redactor, Action<string> show, TimeProvider time)
    {
        var unwritten = new Queue<string>();
        for (var (goesOn, unsavedSince) = (true, (long?)null); goesOn;)
        {
            goesOn = await Wait(unsavedSince, time);
            do
            {
                if (_lines.Reader.TryRead(out var next))
                {
                    var clean = redactor.Redact(next.Line);
                    show(clean);
                    if (next.IsKept) unwritten.Enqueue(clean);
                    await PutAll(unwritten);
                    unsavedSince ??= time.GetTimestamp();
                }

                if (unsavedSince is not { } since || time.GetElapsedTime(since) < FlushInterval) continue;
                await PutAll(unwritten);
                await Save();
                unsavedSince = unwritten.Count == 0 ? null : time.GetTimestamp();
            }
            while (_lines.Reader.TryPeek(out _));
        }

        await PutAll(unwritten);
        await Save();
        if (_trouble is { } trouble) show($"note: part of this log couldn't be stored: {trouble}");
    }

    /// <summary>Waits for a line, or until what isn't saved has to be. Returns false once the log has ended.</summary>
    private async Task<bool> Wait(long? unsavedSince, TimeProvider time)
    {
        var line = _lines.Reader.WaitToReadAsync().AsTask();
        if (unsavedSince is not { } since) return await line;
        using var stop = new CancellationTokenSource();
        if (FlushInterval - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero)
            await Task.WhenAny(line, Task.Delay(left, time, stop.Token));
        await stop.CancelAsync();
        return !line.IsCompleted || await line;
    }

    private async Task PutAll(Queue<string> unwritten)
    {
        while (_build is not null && unwritten.TryDequeue(out var line)) await Put(line);
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

    /// <summary>Returns where to cut a line without splitting a surrogate pair.</summary>
    private static int Cut(string text) => Build.MaxLogPart - (char.IsHighSurrogate(text[Build.MaxLogPart - 3]) ? 3 : 2);

    private async Task Save()
    {
        if (_part.Length == 0 || _build is not { } build) return;
        try
        {
            await _store.AppendBuildLog(build.App, build.Id, _number, _part.ToString());
        }
#pragma warning disable CA1031 // Reported at the end of the log; if the build needs the rack, it fails by itself.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _trouble ??= failure.Message;
        }
    }
}
