namespace Releases;

/// <summary>A release that was added.</summary>
/// <param name="Addition">What was written.</param>
/// <param name="Note">As <see cref="ReleaseBase.Note"/>.</param>
internal sealed record Appended(ReleaseAddition Addition, string? Note);

/// <summary>
/// Adds a release after the latest one, however many others do so at the same moment: read, compose, write on condition
/// that nothing changed, else again. Nothing that was written between is lost, as every attempt begins with reading it.
/// </summary>
internal sealed class AppendRelease(IReleaseStore store, TimeProvider time)
{
    private const int MaxDelayMilliseconds = 400;
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(30);

    /// <summary>Adds what is composed; null if there is nothing to add.</summary>
    /// <param name="app">The app.</param>
    /// <param name="from">As in <see cref="ReleaseBase.Read"/>.</param>
    /// <param name="compose">Makes the addition of a base; is called again after a conflict.</param>
    /// <param name="cancel">Ends the attempts.</param>
    /// <param name="write">Writes the addition where that is more than to add it; false after a conflict.</param>
    public async Task<Appended?> Run(
        AppName app, string? from, Func<ReleaseBase, Task<ReleaseAddition?>> compose, CancellationToken cancel,
        Func<ReleaseAddition, Task<bool>>? write = null)
    {
        var began = time.GetTimestamp();
        for (var attempt = 0; time.GetElapsedTime(began) < RetryFor; attempt++)
        {
            if (attempt > 0) await Backoff(attempt, cancel);
            var @base = await ReleaseBase.Read(store, app, from, cancel);
            if (await compose(@base) is not { } addition) return null;
            cancel.ThrowIfCancellationRequested();
            // Not canceled half way: it would be unknown whether the release was added.
            if (await (write?.Invoke(addition) ?? store.TryAddRelease(addition, CancellationToken.None))) return new(addition, @base.Note);
        }

        throw new Problem(
            ProblemCode.StoreBusy,
            $"other releases of {app} kept being added for {RetryFor.TotalSeconds} seconds, so this one wasn't. Production is unchanged.",
            "Try again.").ToException();
    }

    /// <summary>Random, so that writers that collided once don't collide again.</summary>
    private Task Backoff(int attempt, CancellationToken cancel)
    {
        var most = Math.Min(MaxDelayMilliseconds, 10 << Math.Min(attempt, 10));
        return Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, most + 1)), time, cancel);
    }
}
