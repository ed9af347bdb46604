namespace Releases.Aws;

/// <summary>Represents the time limits of calls to AWS.</summary>
/// <param name="Timeout">The time limit of one response.</param>
/// <param name="RetryFor">How long temporarily refused calls are retried.</param>
internal sealed record CallLimits(TimeSpan Timeout, TimeSpan RetryFor)
{
    /// <summary>The limits of commands and drivers; after them, a promotion retries for as long as its own limit allows.</summary>
    public static CallLimits Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));

    /// <summary>The limits of setting up a rack, where a failure is more often caused by a setting than by a temporary condition.</summary>
    public static CallLimits Setup { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8));
}

/// <summary>
/// Makes all calls to AWS. Every call has a time limit, even if it is the credentials that take long, and temporarily refused calls are
/// retried with growing, randomized pauses.
/// </summary>
/// <param name="time">The clock of the limits.</param>
/// <param name="limits">The limits, or null for the defaults.</param>
/// <param name="pause">Waits between calls; if null, by the clock.</param>
internal sealed class AwsCalls(TimeProvider time, CallLimits? limits = null, Func<TimeSpan, CancellationToken, Task>? pause = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    public CallLimits Limits { get; } = limits ?? CallLimits.Default;

    /// <summary>
    /// Repeats a call until there is a response, a permanent refusal, or the limit has passed. For calls that are harmless when repeated.
    /// </summary>
    public Task<T> Retry<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, CancellationToken cancel) =>
        Retry(call, ask, AwsFailure.IsTransient, cancel);

    /// <summary>Makes a call that isn't harmless when repeated: repeats it only if the response says that nothing was done.</summary>
    public Task<T> RetryIfNotDone<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, CancellationToken cancel) =>
        Retry(call, ask, failure => AwsFailure.IsTransient(failure) && !AwsFailure.MayHaveTakenEffect(failure), cancel);

    private async Task<T> Retry<T>(
        AwsCall call, Func<CancellationToken, Task<T>> ask, Func<Exception, bool> again, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        for (var (attempt, wait) = (1, FirstPause); ; attempt++, wait = wait * 2 < MaxPause ? wait * 2 : MaxPause)
        {
            try
            {
                return await Once(call, ask, cancel);
            }
            catch (Exception failure) when (FailedCall.From(failure) is not null)
            {
                if (!(again(failure) || IsClockCorrected(failure, attempt)) || time.GetElapsedTime(began) + wait > RetryForAfter(failure))
                {
                    new FailedCall(call, attempt, time.GetElapsedTime(began)).AttachTo(failure);
                    throw;
                }
            }

            await Pause(wait * (0.5 + (Random.Shared.NextDouble() / 2)), cancel);
        }
    }

    /// <summary>Makes a call once, and waits for the response no longer than the limit.</summary>
    public async Task<T> Once<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        using var late = new CancellationTokenSource(Limits.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var token = either.Token;
        // Resolving credentials blocks, and can't be cancelled.
        var asked = Task.Run(() => ask(token), token);
        try
        {
            return await asked.WaitAsync(token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Forget(asked);
            throw;
        }
        catch (OperationCanceledException given)
        {
            Forget(asked);
            throw Failed(new TimeoutException($"no answer within {Duration.Text(Limits.Timeout)}", given));
        }
        catch (Exception failure) when (AwsFailure.IsAwsFailure(failure))
        {
            Failed(failure);
            throw;
        }
        catch (Exception failure) when (failure is not ProblemException)
        {
            // Nothing but the call was made, so it is the response that couldn't be read.
            throw Failed(new UnreadableResponseException("the response doesn't fit the operation", failure));
        }

        Exception Failed(Exception failure)
        {
            new FailedCall(call, 1, time.GetElapsedTime(began)).AttachTo(failure);
            return failure;
        }
    }

    /// <summary>
    /// The SDK corrects a wrong clock by the first response and only resends that call; other calls in flight at that moment are rejected
    /// as well, and did nothing.
    /// </summary>
    private static bool IsClockCorrected(Exception failure, int attempt) =>
        attempt == 1 && AwsFailure.KindOf(failure) == AwsFailureKind.Clock;

    /// <summary>An address without a listener is more often caused by a setting than by a temporary condition.</summary>
    private TimeSpan RetryForAfter(Exception failure) => AwsFailure.IsNoListener(failure) ? Limits.RetryFor / 4 : Limits.RetryFor;

    /// <summary>Waits between two calls.</summary>
    public Task Pause(TimeSpan span, CancellationToken cancel) => pause is null ? Task.Delay(span, time, cancel) : pause(span, cancel);

    /// <summary>Observes the exception of a task that nothing awaits any longer.</summary>
    private static void Forget(Task task) =>
        task.ContinueWith(t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
