namespace Releases;

/// <summary>Keeps the record of a build up to date while it runs and when it fails.</summary>
internal sealed class RunningBuild(IReleaseStore store, TimeProvider time)
{
    /// <summary>Does the work of a started build, with a heartbeat in its record that shows it is running.</summary>
    public async Task<T> WithHeartbeat<T>(Build build, Func<Task<T>> work)
    {
        using var ended = new CancellationTokenSource();
        var renewing = Renew(build, ended.Token);
        try
        {
            return await work();
        }
        finally
        {
            await ended.CancelAsync();
            await renewing;
        }
    }

    /// <summary>Records that a started build failed, and why. If that can't be written, the cause carries the reason.</summary>
    /// <param name="build">The build.</param>
    /// <param name="cause">What the caller throws.</param>
    /// <param name="reason">The reason to record, or null for that of the cause without what to do about it.</param>
    public async Task MarkFailed(Build build, Exception cause, string? reason = null)
    {
        try
        {
            // The build may have completed with a write whose response was lost.
            if (await store.FindBuild(build.App, build.Id, CancellationToken.None) is not { Status: BuildStatus.Running }) return;
            reason ??= cause switch
            {
                OperationCanceledException => "It was cancelled.",
                ProblemException problem => string.Join(" ", problem.Problems.Select(p => p.Message)),
                _ => cause.Message,
            };
            var failed = build with { Status = BuildStatus.Failed, Reason = KeptOutput.Reason(reason), EndedAt = time.GetUtcNow() };
            await store.SaveBuild(failed, CancellationToken.None);
        }
#pragma warning disable CA1031 // The caller throws the original cause; this failure is attached to it.
        catch (Exception unwritten)
#pragma warning restore CA1031
        {
            // The caller throws the original cause, which is what a person needs; the failure to record it is attached.
            cause.Data["build not marked failed"] = unwritten.Message;
        }
    }

    private async Task Renew(Build build, CancellationToken ended)
    {
        using var pace = new PeriodicTimer(Build.Pace, time);
        try
        {
            while (await pace.WaitForNextTickAsync(ended)) await TryRenew(build, ended);
        }
        catch (OperationCanceledException)
        {
            // The build has ended.
        }
    }

    private async Task TryRenew(Build build, CancellationToken ended)
    {
        try
        {
            await store.RenewBuild(build.App, build.Id, time.GetUtcNow(), ended);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The next heartbeat may succeed; if the rack is gone, the build fails where it needs the rack, with that problem.
        }
    }
}
