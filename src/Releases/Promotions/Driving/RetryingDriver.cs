namespace Releases;

/// <summary>Drives a promotion until it ends, even if the driving itself fails, so that its limits are enforced.</summary>
/// <param name="driver">Drives the promotion.</param>
/// <param name="tell">Receives a line when driving is interrupted, and one when it continues.</param>
/// <param name="time">The clock for pauses.</param>
/// <param name="givesUp">Whether a promotion that can't be driven from here is given up; otherwise it is retried indefinitely.</param>
public sealed class RetryingDriver(PromotionDriver driver, Action<string> tell, TimeProvider time, bool givesUp = false)
{
    /// <summary>The pause before a retry.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether this process sends traces.</summary>
    public Func<bool> SendsTraces { get; init; } = () => false;

    /// <summary>Receives why driving a promotion is interrupted, as a sentence, and null once it continues.</summary>
    public Action<PromotionLock, string?> Interrupted { get; init; } = (_, _) => { };

    /// <summary>
    /// Returns the promotion when it has ended; null if another driver has it, or if driving was stopped and it is left open for a
    /// successor. Fails with a problem of the kind <see cref="ProblemKind.NeedsPerson"/> if it gives up.
    /// </summary>
    public async Task<Promotion?> Run(PromotionLock held, CancellationToken stop)
    {
        var drive = new PromotionDrive(held);
        var retries = new RetryReporter(drive, tell, time) { Interrupted = why => Interrupted(held, why) };
        string? detailed = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return await driver.Drive(drive, retries, SendsTraces(), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return null;
            }
            catch (ProblemException problem) when (problem.Is(ProblemCode.Fenced))
            {
                tell($"promotion {held.Promotion} was taken over by another driver");
                return null;
            }
            catch (ProblemException newer) when (newer.Is(ProblemCode.NewerFormat))
            {
                tell($"promotion {held.Promotion} is left open for a newer version: {newer.Problems[0].Message}");
                return null;
            }
            catch (Exception failure)
            {
                retries.Retry(CauseOf(failure).Message);
                // Where something unexpected happened is for the log of a daemon or an agent, once for each cause in a row.
                if (!givesUp && failure is not ProblemException && detailed != failure.Message)
                    tell($"details of the interruption: {failure}");
                detailed = failure.Message;
                var isExhausted = givesUp && retries.IsExhausted(failure is ProblemException problem && problem.IsTransient);
                if (isExhausted && drive.Ended is { } ended)
                {
                    retries.CleanUpGivenUp(ended, CauseOf(failure));
                    return ended;
                }

                if (isExhausted) throw retries.GivenUp(CauseOf(failure)).ToException(failure);
                await Task.Delay(Pause, time, stop)
                    .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        return null;
    }

    private static Problem CauseOf(Exception failure) => failure is ProblemException known ? known.Problems[0]
        : new(ProblemCode.Unexpected, $"{failure.Message.Split('\n')[0].Trim().TrimEnd('.')} ({failure.GetType().Name}).");
}
