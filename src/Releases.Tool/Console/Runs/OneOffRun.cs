using System.Runtime.CompilerServices;

namespace Releases.Tool;

/// <summary>Represents a one-off command that a page started: its last lines and its outcome, which are kept in memory only.</summary>
/// <param name="id">The id in the address of its page.</param>
/// <param name="app">The app.</param>
/// <param name="service">The service whose code and environment the command uses.</param>
/// <param name="release">The release.</param>
/// <param name="command">The command.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // It can be stopped from any page as long as it is kept; without a timer there is nothing to dispose.
internal sealed class OneOffRun(
    string id, AppName app, ServiceName service, ReleaseId release, ProcessCommand command, TimeProvider time) : IOneOffCaller
#pragma warning restore CA1001
{
    /// <summary>The maximum number of lines to keep, which is what a page shows.</summary>
    public const int MaxLines = 2000;

    private const int MaxCharacters = 256 * 1024;
    private const int LastLines = 20;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _newest;
    private int _characters;

    public string Id => id;

    public AppName App => app;

    public ServiceName Service => service;

    public ReleaseId Release => release;

    public ProcessCommand Command => command;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public DateTimeOffset? EndedAt
    {
        get { lock (_gate) return field; }
        private set;
    }

    /// <summary>Gets the exit code, or null while the command is running or if it is unknown.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Gets why the command couldn't be run or followed.</summary>
    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Gets the number of earlier lines that are no longer kept.</summary>
    public int LeftOut { get; private set; }

    public bool HasTerminal => false;

    /// <summary>Gets the status as a styled text.</summary>
    public Cell Status => EndedAt is null ? new(IsStopping ? "stopping" : "running", TextStyle.Busy)
        : ExitCode is { } code ? new(ProcessEnd.Words(code), code == 0 ? TextStyle.Good : TextStyle.Bad)
        : Problems.Count > 0 ? new("failed", TextStyle.Bad)
        : new("stopped", TextStyle.Faint);

    /// <summary>
    /// Gets the query string with which the event stream continues after the kept lines; empty once the command has ended.
    /// </summary>
    public string Continued => EndedAt is null ? $"&run={id}&log={LogPosition.After(Kept(), StartedAt)}" : "";

    /// <summary>Runs the command until it ends. A failure is stored and is thrown only by <see cref="Began"/>.</summary>
    public async Task Follow(Func<OneOffRun, CancellationToken, Task<int>> run, ErrorReport report)
    {
        try
        {
            ExitCode = await run(this, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // If the command doesn't run on this machine, its outcome is unknown.
        }
        catch (ProblemException refused)
        {
            Problems = refused.Problems;
        }
#pragma warning disable CA1031 // This isn't awaited; the page and the terminal show the failure.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            report.Write(unexpected);
            Problems =
            [
                new(ProblemCode.Unexpected, "the console couldn’t follow the command.", "Details are in the console’s terminal."),
            ];
        }
        finally
        {
            Change(() => EndedAt = time.GetUtcNow());
            _began.TrySetResult();
        }
    }

    /// <summary>Completes when the command is running. Fails with the reason if it can't be started.</summary>
    public async Task Began()
    {
        await _began.Task;
        if (EndedAt is not null && Problems.Count > 0) throw new ProblemException(Problems);
    }

    /// <summary>Ends the command gracefully.</summary>
    public void Stop() => _stop.Cancel();

    public void Print(string line, bool isError = false) => Add(service.ToString(), line, isError);

    public void Say(string line)
    {
        Add("rack", line);
        _began.TrySetResult();
    }

    public Task<int> LeaveTo(Func<Task<int>> process)
    {
        var running = process();
        _began.TrySetResult();
        return running;
    }

    /// <summary>
    /// Returns the outcome and the last lines, for the terminal of a console that was stopped while the command was running.
    /// </summary>
    public IEnumerable<string> Epilogue()
    {
        var status = ExitCode is null ? "was stopped" : Status.Text;
        var last = Kept().TakeLast(LastLines).Select(line => $"  {SafeText.Line(line.Text)}").ToList();
        return [$"{app}: {SafeText.Line(command.Quoted)} ({service}) {status}.{(last.Count > 0 ? " Its last lines:" : "")}", .. last];
    }

    /// <summary>Returns the kept lines, oldest first.</summary>
    public IReadOnlyList<LogLine> Kept()
    {
        lock (_gate) return [.. _lines];
    }

    /// <summary>Returns the lines after a position and, when following, those that are printed until the command ends.</summary>
    public async IAsyncEnumerable<LogLine> Lines(LogPosition? from, bool follow, [EnumeratorCancellation] CancellationToken cancel)
    {
        // No two lines have the same time.
        var told = from is { Told: 0 } start ? start.At.AddTicks(-1) : from?.At ?? DateTimeOffset.MinValue;
        while (true)
        {
            LogLine[] fresh;
            Task changed;
            bool isOver;
            lock (_gate) (fresh, changed, isOver) = ([.. _lines.Where(l => l.At > told)], _changed.Task, EndedAt is not null);
            foreach (var line in fresh) yield return line;
            if (fresh is [.., var last]) told = last.At;
            if (fresh.Length > 0 && follow) continue;
            if (isOver || !follow) yield break;
            await changed.WaitAsync(cancel);
        }
    }

    private void Add(string by, string text, bool isError = false) => Change(() =>
    {
        var now = time.GetUtcNow();
        _newest = now > _newest ? now : _newest.AddTicks(1);
        _lines.Enqueue(new(_newest, service, by, release, text) { IsError = isError });
        _characters += text.Length;
        while (_lines.Count > MaxLines || (_characters > MaxCharacters && _lines.Count > 1))
        {
            _characters -= _lines.Dequeue().Text.Length;
            LeftOut++;
        }
    });

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}
