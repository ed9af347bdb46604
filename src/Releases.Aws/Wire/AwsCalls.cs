namespace Releases.Aws;

/// <summary>How long calls of AWS are waited for.</summary>
/// <param name="Attempt">How long one answer is waited for.</param>
/// <param name="Patience">How long what AWS refuses only for now is asked again.</param>
internal sealed record CallLimits(TimeSpan Attempt, TimeSpan Patience)
{
    /// <summary>For commands and drivers; a promotion asks again after it, as long as its own limit allows.</summary>
    public static CallLimits Usual { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));

    /// <summary>For whoever sets a rack up, where what is wrong is more often a setting than the moment.</summary>
    public static CallLimits Setup { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8));
}

/// <summary>
/// The one way to call AWS. No call is waited for without a limit, also where it is the credentials that do not come; and what is
/// refused only for now is asked again, with pauses that grow and differ.
/// </summary>
/// <param name="time">The clock of limits.</param>
/// <param name="limits">The limits.</param>
/// <param name="pause">Waits; null: by the clock.</param>
internal sealed class AwsCalls(TimeProvider time, CallLimits? limits = null, Func<TimeSpan, CancellationToken, Task>? pause = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public CallLimits Limits { get; } = limits ?? CallLimits.Usual;

    /// <summary>Asks until there is an answer, a refusal that is not only for now, or no patience left. For what is harmless when repeated.</summary>
    public Task<T> Repeated<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, CancellationToken cancel) => Repeated(call, ask, AwsFailure.MayPass, cancel);

    /// <summary>The same for what is not: asks again only where the answer says that nothing was done.</summary>
    public Task<T> Undone<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, CancellationToken cancel) =>
        Repeated(call, ask, failure => AwsFailure.MayPass(failure) && !AwsFailure.MayHaveTakenEffect(failure), cancel);

    private async Task<T> Repeated<T>(AwsCall call, Func<CancellationToken, Task<T>> ask, Func<Exception, bool> again, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        for (var (attempt, wait) = (1, FirstPause); ; attempt++, wait = wait * 2 < LongestPause ? wait * 2 : LongestPause)
        {
            try
            {
                return await Once(call, ask, cancel);
            }
            catch (Exception failure) when (FailedCall.Of(failure) is not null)
            {
                if (!again(failure) || time.GetElapsedTime(began) + wait > PatienceWith(failure))
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
        using var late = new CancellationTokenSource(Limits.Attempt, time);
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
            throw Failed(new TimeoutException($"no answer within {Duration.Text(Limits.Attempt)}", given));
        }
        catch (Exception failure) when (AwsFailure.IsOfAws(failure))
        {
            Failed(failure);
            throw;
        }
        catch (Exception failure) when (failure is not ProblemException)
        {
            // Nothing but the call was done, so it is the answer that could not be understood.
            throw Failed(new UnreadableAnswerException("what came is not what the operation gives", failure));
        }

        Exception Failed(Exception failure)
        {
            new FailedCall(call, 1, time.GetElapsedTime(began)).AttachTo(failure);
            return failure;
        }
    }

    /// <summary>An address where nobody listens is more often a setting than the moment.</summary>
    private TimeSpan PatienceWith(Exception failure) => AwsFailure.IsNobodyThere(failure) ? Limits.Patience / 4 : Limits.Patience;

    /// <summary>Waits between two calls.</summary>
    public Task Pause(TimeSpan span, CancellationToken cancel) => pause is null ? Task.Delay(span, time, cancel) : pause(span, cancel);

    /// <summary>Nobody waits for it any more, so nobody is to hear of its failure.</summary>
    private static void Forget(Task task) =>
        task.ContinueWith(t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
