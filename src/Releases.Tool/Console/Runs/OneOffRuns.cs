namespace Releases.Tool;

/// <summary>
/// Manages the one-off commands that pages of this console started. They keep running when their pages are closed, and end with the
/// console.
/// </summary>
internal sealed class OneOffRuns(Rack rack, TimeProvider time, string by, ErrorReport report)
{
    /// <summary>The maximum number of commands to keep with their output.</summary>
    public const int MaxKept = 20;

    /// <summary>The maximum number of commands that run at once.</summary>
    public const int MaxRunning = 8;

    /// <summary>How long after its end a command that is sent again by the same form isn't run again.</summary>
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<(OneOffRun Run, string? Once, Task Ended)> _all = [];

    /// <summary>
    /// Starts a command and completes when it is running. Fails with the reason if it can't be started. Returns the command that the same
    /// form started before if the form is only sent twice.
    /// </summary>
    public async Task<OneOffRun> Start(App app, Release release, ServiceName service, ProcessCommand command, string? once)
    {
        OneOffRun run;
        lock (_gate) run = _all.Find(r => once is { Length: > 0 } && r.Once == once && IsRepeated(r.Run)).Run ?? Added();
        try
        {
            await run.Began();
        }
        catch (ProblemException)
        {
            lock (_gate) _all.RemoveAll(r => r.Run == run);
            throw;
        }

        return run;

        bool IsRepeated(OneOffRun known) =>
            known.App == app.Name && known.Release == release.Id && known.Service == service && known.Command.Quoted == command.Quoted
            && (known.EndedAt is not { } ended || time.GetUtcNow() - ended < RepeatWindow);

        OneOffRun Added()
        {
            if (_all.Count(r => r.Run.EndedAt is null) >= MaxRunning)
                throw new Problem(
                    ProblemCode.TooManyRuns, $"the console runs {MaxRunning} commands already, which is the most. Nothing was started.",
                    "Wait for one, or stop it.").ToException();
            if (_all.Count >= MaxKept) _all.RemoveAt(_all.FindIndex(r => r.Run.EndedAt is not null));
            var added = new OneOffRun(Sessions.NewSecret()[..12], app.Name, service, release.Id, command, time);
            _all.Add((added, once, Task.Run(() => added.Follow(Run, report))));
            return added;
        }

        Task<int> Run(OneOffRun caller, CancellationToken stop) =>
            new RunOneOff(rack, time).Run(app, release.Id, service, command, by, caller, stop);
    }

    public OneOffRun? Find(AppName app, string id)
    {
        lock (_gate) return _all.Find(r => r.Run.Id == id && r.Run.App == app).Run;
    }

    /// <summary>Returns the commands of an app, newest first.</summary>
    public IReadOnlyList<OneOffRun> Of(AppName app)
    {
        lock (_gate) return [.. _all.Select(r => r.Run).Where(r => r.App == app).Reverse()];
    }

    /// <summary>Ends all running commands gracefully, and returns them.</summary>
    public IReadOnlyList<OneOffRun> StopAll()
    {
        lock (_gate)
        {
            var running = _all.Select(r => r.Run).Where(r => r.EndedAt is null).ToList();
            running.ForEach(r => r.Stop());
            return running;
        }
    }

    public Task Ended()
    {
        lock (_gate) return Task.WhenAll(_all.Select(r => r.Ended));
    }
}
