namespace Releases;

/// <summary>Represents a release that was added.</summary>
/// <param name="Addition">The addition that was written.</param>
/// <param name="Note">The note about the base; see <see cref="ReleaseBase.Note"/>.</param>
internal sealed record Appended(ReleaseAddition Addition, string? Note);

/// <summary>
/// Adds a release after the latest one while others may be doing the same: it reads the base, composes the release, writes it on condition
/// that nothing changed, and otherwise starts over. No concurrent change is lost, because every attempt reads the base again.
/// </summary>
internal sealed class AppendRelease(IReleaseStore store, TimeProvider time)
{
    private const int MaxDelayMilliseconds = 400;
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(30);

    /// <summary>Adds the composed release, or returns null if there is nothing to add.</summary>
    /// <param name="app">The app.</param>
    /// <param name="from">The base, as in <see cref="ReleaseBase.Read"/>.</param>
    /// <param name="compose">Composes the addition from a base; called again after a conflict.</param>
    /// <param name="cancel">Cancels the attempts.</param>
    /// <param name="write">
    /// Writes the addition together with the start of its promotion; returns false after a conflict. While another promotion is open, it
    /// fails with <see cref="ProblemCode.Busy"/> before anything is composed.
    /// </param>
    public async Task<Appended?> Run(
        AppName app, string? from, Func<ReleaseBase, Task<ReleaseAddition?>> compose, CancellationToken cancel,
        Func<ReleaseAddition, Task<bool>>? write = null)
    {
        var began = time.GetTimestamp();
        for (var attempt = 0; time.GetElapsedTime(began) < RetryFor; attempt++)
        {
            if (attempt > 0) await Backoff(attempt, cancel);
            var @base = await ReleaseBase.Read(store, app, from, cancel);
            if (write is not null && await store.FindLock(app, cancel) is { } held)
                throw (await store.Busy(held, time.GetUtcNow(), cancel)).ToException();
            if (await compose(@base) is not { } addition) return null;
            // Read first: nothing may fail once the release is added.
            var note = await @base.Note(store, cancel);
            cancel.ThrowIfCancellationRequested();
            // Not cancelable, because it would then be unknown whether the release was added.
            if (await (write?.Invoke(addition) ?? store.TryAddRelease(addition, CancellationToken.None))) return new(addition, note);
        }

        throw Problem.Unavailable(
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
