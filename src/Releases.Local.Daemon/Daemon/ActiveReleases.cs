using System.Collections.Concurrent;

namespace Releases.Local;

/// <summary>
/// Restores the active releases when the daemon starts. What can't be restored then is tried again until it can, because a key may be put
/// back, or a disk mounted, after the start.
/// </summary>
internal sealed class ActiveReleases(IReleaseStore store, ReleasePlanReader plans, LocalEngine engine, DaemonLog log)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    /// <summary>How problems end that are about a promotion; after a start, none of the app's services is running.</summary>
    private const string Reassurance = " Running services aren't affected.";

    /// <summary>The apps whose active release couldn't be restored, and the reason that was logged.</summary>
    private readonly ConcurrentDictionary<AppName, string> _lost = new();

    /// <summary>Gets the duty that tries again to restore what couldn't be restored.</summary>
    public PeriodicDuty Duty => new("Restoring active releases", async cancel =>
    {
        foreach (var app in _lost.Keys) await TryAgain(app, cancel);
        return RetryInterval;
    });

    /// <summary>Restores an app's active release. A failure is logged, unless it is transient.</summary>
    public async Task Restore(AppName app, CancellationToken cancel)
    {
        try
        {
            await Restore(app, isRetry: false, cancel);
        }
        catch (Exception broken) when (broken is not OperationCanceledException && !IsTransient(broken))
        {
            Note(app, $"its active release can't be restored: {ReasonOf(broken)}");
        }
    }

    internal static bool IsTransient(Exception failure) => failure is ProblemException { IsTransient: true };

    internal static string ReasonOf(Exception failure) => failure is ProblemException problem ? problem.Problems[0].Message : $"{failure}";

    private async Task TryAgain(AppName app, CancellationToken cancel)
    {
        try
        {
            await Restore(app, isRetry: true, cancel);
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            Note(app, $"its active release can't be restored: {ReasonOf(broken)}");
        }
    }

    private async Task Restore(AppName name, bool isRetry, CancellationToken cancel)
    {
        if (await store.FindApp(name, cancel) is not { } app) return;
        // Its deletion may not have reached the daemon before.
        if (app.DeletedAt is not null) engine.Forget(name);
        if (app is not { DeletedAt: null, Active: { } active, ActivePromotion: { } promotion })
        {
            _lost.TryRemove(name, out _);
            return;
        }

        Release? release = null;
        try
        {
            release = await store.RequireRelease(name, active, cancel);
            var plan = await plans.Read(app, release, cancel);
            if (plan.Problems.Count > 0) throw new ProblemException(plan.Problems);
            var rollout = new Rollout(app, release, promotion, plan.Services);
            if (isRetry)
            {
                // A promotion of the app starts what it promotes, or reports that it can't roll back.
                if (await store.FindLock(name, cancel) is not null) return;
                engine.RestoreLost(rollout);
                if (_lost.TryRemove(name, out _)) log.Write($"{name}: {active} is restored after all");
            }
            else
            {
                engine.Restore(rollout);
            }
        }
        catch (ProblemException lost) when (!lost.IsTransient)
        {
            var reasons = lost.Problems.Select(p => p.Sentence.Replace(Reassurance, "", StringComparison.Ordinal));
            Note(name, $"{active} can't be restored, so none of its services is running. {string.Join(' ', reasons)}");
            engine.CannotRestore(name, new(active, release?.Services.Keys, lost.Problems[0].Message));
        }
    }

    private void Note(AppName app, string reason)
    {
        if (_lost.TryGetValue(app, out var before) && before == reason) return;
        _lost[app] = reason;
        log.Write($"{app}: {reason} This is tried again every {Duration.Text(RetryInterval)}.");
    }
}
