namespace Releases.Aws;

/// <summary>How long calls of AWS are waited for.</summary>
/// <param name="Timeout">How long one answer is waited for.</param>
/// <param name="RetryFor">How long what AWS refuses only for now is asked again.</param>
internal sealed record CallLimits(TimeSpan Timeout, TimeSpan RetryFor)
{
    /// <summary>For commands and drivers; a promotion asks again after it, as long as its own limit allows.</summary>
    public static CallLimits Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));

    /// <summary>For whoever sets a rack up, where what is wrong is more often a setting than the moment.</summary>
    public static CallLimits Setup { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8));
}

/// <summary>
/// The one way to call AWS. No call is waited for without a limit, even if it is the credentials that do not come; and what is
/// refused only for now is asked again, with pauses that grow and differ.
/// </summary>
/// <param name="time">The clock of limits.</param>
/// <param name="limits">The limits.</param>
/// <param name="pause">Waits; null: by the clock.</param>
internal sealed class AwsCalls(TimeProvider time, CallLimits? limits = null, Func<TimeSpan, CancellationToken, Task>? pause = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    public CallLimits Limits { get; } = limits ?? CallLimits.Default;

    /// <summary>
    /// Asks until there is an answer, a refusal that is not only for now, or no patience left. For what is harmless when repeated.
    /// </summary>
    public Task<T> Retry<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, CancellationToken cancel) =>
        Retry(call, ask, AwsFailure.IsTransient, cancel);

    /// <summary>The same for what is not: asks again only where the answer says that nothing was done.</summary>
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

    /// <summary>Asks once, and waits for the answer no longer than the limit.</summary>
    public async Task<T> Once<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        using var late = new CancellationTokenSource(Limits.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var token = either.Token;
        // Looking for credentials blocks and cannot be cancelled.
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
            // Nothing but the call was done, so it is the answer that could not be understood.
            throw Failed(new UnreadableResponseException("the response doesn't fit the operation", failure));
        }

        Exception Failed(Exception failure)
        {
            new FailedCall(call, 1, time.GetElapsedTime(began)).AttachTo(failure);
            return failure;
        }
    }

    /// <summary>
    /// The SDK corrects a wrong clock by the first response and sends only that call again; the others that were under way at that moment
    /// are refused as well, and did nothing.
    /// </summary>
    private static bool IsClockCorrected(Exception failure, int attempt) =>
        attempt == 1 && AwsFailure.KindOf(failure) == AwsFailureKind.Clock;

    /// <summary>An address if nobody listens is more often a setting than the moment.</summary>
    private TimeSpan RetryForAfter(Exception failure) => AwsFailure.IsNoListener(failure) ? Limits.RetryFor / 4 : Limits.RetryFor;

    /// <summary>Waits between two calls.</summary>
    public Task Pause(TimeSpan span, CancellationToken cancel) => pause is null ? Task.Delay(span, time, cancel) : pause(span, cancel);

    /// <summary>Nobody waits for it, so nobody needs to hear of its failure.</summary>
    private static void Forget(Task task) =>
        task.ContinueWith(t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
