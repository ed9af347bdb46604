namespace Releases.Local;

/// <summary>Lets the daemon drive promotions, at the request of commands.</summary>
internal sealed class LocalDriver(
    LocalDaemon daemon, DaemonClient client, IReleaseStore store, BeginPromotion begin, TimeProvider time) : IPromotionDriver
{
    /// <summary>How long a caller that leaves waits for the checks, which may refuse the release; usually they take milliseconds.</summary>
    private static readonly TimeSpan CheckTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private const string ByItself = "it continues by itself", Continues = "continues in the background";

    public string WithoutThisCommand => IsDown() ? "it continues when the rack starts" : ByItself;

    public async Task<bool> Begin(PromotionRequest request, CancellationToken cancel = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var running = await daemon.Running(cancel);
            // Asked before anything is written: a daemon that refuses a promotion later would drive it anyway.
            var known = Known(request, running);
            if (!DaemonProtocol.KnowsPlans(running) && await begin.ReleaseWithPlan(known, cancel) is { } release)
                throw LocalDaemonProblems.KnowsNoPlan(running, release).ToException();
            // Daemons of all versions drive promotions that they find in the store.
            if (request.Adds is not null)
            {
                var begun = await begin.Run(
                    request with { Trace = known.Trace }, DaemonProtocol.Owner(running.ProcessId), CancellationToken.None);
                if (begun.CameTooLate) return false;
            }

            try
            {
                await client.Post(DaemonProtocol.Promotions, known, DaemonMessages.Default.PromotionRequest, cancel);
                return true;
            }
            catch (Exception lost) when (DaemonClient.IsConnectionLost(lost) && attempt < DaemonClient.Attempts)
            {
                // The daemon died. If the promotion had begun it is in the store, and the next daemon continues it.
                if (await store.FindPromotion(request.App, request.Id, cancel) is not null) return true;
            }
        }
    }

    /// <summary>
    /// Returns the request as the daemon knows it. A promotion doesn't depend on its trace, and whoever expects that no release is active
    /// has just looked, so both are left out for a daemon that doesn't know them. Fails with <see cref="ProblemCode.Daemon"/> if the daemon
    /// doesn't know anything else.
    /// </summary>
    private static PromotionRequest Known(PromotionRequest request, DaemonState daemon)
    {
        if (DaemonProtocol.Knows(daemon, request)) return request;
        var less = request with { Trace = null, ExpectsNone = false };
        return DaemonProtocol.Knows(daemon, less) ? less : throw DaemonResponse.NotKnown(daemon.Version).ToException();
    }

    /// <summary>Returns as soon as the checks have ended, because the daemon drives the promotion.</summary>
    public async Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(LookAgain, time, cancel))
        {
            if (await Read(app, promotion, cancel) is not { } now) return Continues;
            if (now.Ended) return null;
            if (now.Status != PromotionStatus.Checking || time.GetElapsedTime(began) >= CheckTime) return Continues;
        }
    }

    /// <summary>Returns the promotion, or null if it can't be read for the moment.</summary>
    private async Task<Promotion?> Read(AppName app, PromotionId promotion, CancellationToken cancel)
    {
        try
        {
            return await store.RequirePromotion(app, promotion, cancel);
        }
        catch (ProblemException busy) when (busy.IsTransient)
        {
            return null;
        }
    }

    private bool IsDown()
    {
        try
        {
            return daemon.HasCrashed() || daemon.IsStopped();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Nothing can run in a home that can't be read.
            return true;
        }
    }

    public async Task EnsureDriven(AppName app, CancellationToken cancel = default)
    {
        if (await store.FindLock(app, cancel) is not null)
        {
            // The promotion came with the home, as in a cloned repository, and its programs may be anybody's.
            if (daemon.FromElsewhere() is { } problem) throw problem.ToException();
            await daemon.Start(cancel);
        }

        await Wake(app, cancel);
    }

    public async Task<string?> KeepDriven(AppName app, CancellationToken cancel = default)
    {
        // The state comes before the lock: an ended promotion has none, and then nothing continues.
        var (isStopped, hasCrashed) = (daemon.IsStopped(), daemon.HasCrashed());
        var open = await store.FindLock(app, cancel);
        if (isStopped && open is not null) throw LostContact.WithStoppedRack(open.Promotion);
        if (!hasCrashed || open is null) return await Wake(app, cancel);
        await daemon.Start(cancel);
        return "the rack's daemon had died and was started again";
    }

    /// <summary>
    /// Makes a running daemon look at the app's records; a stopped one reads them when it starts. Returns what holds its promotion up, or
    /// null.
    /// </summary>
    private async Task<string?> Wake(AppName app, CancellationToken cancel)
    {
        try
        {
            return (await client.Post(DaemonProtocol.Wake(app), DaemonMessages.Default.DriverInterruption, cancel))?.Why;
        }
        catch (Exception lost) when (DaemonClient.IsConnectionLost(lost))
        {
            // Without a daemon no service is running; a command that follows an unfinished promotion asks again.
            return null;
        }
    }
}
