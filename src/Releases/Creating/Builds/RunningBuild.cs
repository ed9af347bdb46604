namespace Releases;

/// <summary>Keeps the record of a build true while it runs, and if it fails.</summary>
internal sealed class RunningBuild(IReleaseStore store, TimeProvider time)
{
    /// <summary>Does the work of a begun build; meanwhile a heartbeat in its record shows that it is running.</summary>
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

    /// <summary>Writes down that a build that was begun made no release, and why. What cannot be written goes with the cause.</summary>
    public async Task MarkFailed(Build build, Exception cause)
    {
        try
        {
            // A write whose answer got lost may have completed it.
            if (await store.FindBuild(build.App, build.Id, CancellationToken.None) is not { Status: BuildStatus.Running }) return;
            var reason = cause is OperationCanceledException ? "It was cancelled." : KeptOutput.Reason(cause.Message);
            await store.SaveBuild(build with { Status = BuildStatus.Failed, Reason = reason, EndedAt = time.GetUtcNow() },
                CancellationToken.None);
        }
#pragma warning disable CA1031 // The first cause is what the caller throws; this goes with it.
        catch (Exception unwritten)
#pragma warning restore CA1031
        {
            // The caller throws the first cause, which is what a person needs; that it could not be written down goes with it.
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
            // The next one may succeed; a rack that is gone stops the build where the build needs it, with that problem.
        }
    }
}
