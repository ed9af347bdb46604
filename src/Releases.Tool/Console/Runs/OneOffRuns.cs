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

    private readonly Lock _gate = new();
    private readonly List<(OneOffRun Run, Task Ended)> _all = [];

    /// <summary>Starts a command and completes when it is running. Fails with the reason if it can't be started.</summary>
    public async Task<OneOffRun> Start(App app, Release release, ServiceName service, ProcessCommand command)
    {
        var run = new OneOffRun(Sessions.NewSecret()[..12], app.Name, service, release.Id, command, time);
        lock (_gate)
        {
            if (_all.Count(r => r.Run.EndedAt is null) >= MaxRunning)
                throw new Problem(
                    ProblemCode.TooManyRuns, $"the console runs {MaxRunning} commands already, which is the most. Nothing was started.",
                    "Wait for one, or stop it.").ToException();
            if (_all.Count >= MaxKept) _all.RemoveAt(_all.FindIndex(r => r.Run.EndedAt is not null));
            _all.Add((run, Task.Run(() => run.Follow(Run, report))));
        }

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
