using System.Collections.Concurrent;

namespace Releases.Local;

/// <summary>
/// Restores the active releases when the daemon starts. What can't be restored then is tried again until it can, because a key may be put
/// back, or a disk mounted, after the start.
/// </summary>
internal sealed class ActiveReleases(
    IReleaseStore store, ReleasePlanReader plans, LocalEngine engine, KeyedLock<AppName> apps, DaemonLog log)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    /// <summary>How problems end that are about a promotion; after a start, none of the app's services is running.</summary>
    private const string Reassurance = " Running services aren't affected.";

    /// <summary>The apps whose active release couldn't be restored.</summary>
    private readonly ConcurrentDictionary<AppName, Lost> _lost = new();

    /// <param name="Release">The release, or null if not even the app could be read.</param>
    /// <param name="Reason">The reason that was logged.</param>
    private sealed record Lost(ReleaseId? Release, string Reason);

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
            Note(app, null, $"its active release can't be restored: {ReasonOf(broken)}");
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
            Note(app, null, $"its active release can't be restored: {ReasonOf(broken)}");
        }
    }

    private async Task Restore(AppName name, bool isRetry, CancellationToken cancel)
    {
        if (await store.FindApp(name, cancel) is not { } app) return;
        // Its deletion may not have reached the daemon before.
        if (app.DeletedAt is not null && !isRetry) engine.Forget(name);
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
                await RestoreLost(rollout, cancel);
            }
            else
            {
                engine.Restore(rollout);
            }
        }
        catch (ProblemException lost) when (!lost.IsTransient)
        {
            var reasons = lost.Problems.Select(p => p.Sentence.Replace(Reassurance, "", StringComparison.Ordinal));
            Note(name, active, $"{active} can't be restored, so none of its services is running. {string.Join(' ', reasons)}");
            engine.CannotRestore(name, new(active, release?.Services.Keys, lost.Problems[0].Message));
        }
    }

    /// <summary>
    /// Restores a release unless the app has changed since its record was read. A promotion of the app starts what it promotes, or reports
    /// that it can't roll back.
    /// </summary>
    private async Task RestoreLost(Rollout rollout, CancellationToken cancel)
    {
        var read = rollout.App;
        using var held = await apps.Enter(read.Name, cancel);
        if (await store.FindLock(read.Name, cancel) is not null || await store.FindApp(read.Name, cancel) is not { DeletedAt: null } now
            || now.Active != read.Active || now.ActivePromotion != read.ActivePromotion || !now.Scale.SequenceEqual(read.Scale)) return;
        engine.RestoreLost(rollout);
        if (_lost.TryRemove(read.Name, out var lost) && lost.Release == rollout.Release.Id)
            log.Write($"{read.Name}: {rollout.Release.Id} is restored after all");
    }

    private void Note(AppName app, ReleaseId? release, string reason)
    {
        var lost = new Lost(release, reason);
        if (_lost.TryGetValue(app, out var before) && before == lost) return;
        _lost[app] = lost;
        log.Write($"{app}: {reason} This is tried again every {Duration.Text(RetryInterval)}.");
    }
}
