namespace Releases;

/// <summary>Finishes a promotion whatever goes wrong with the driving itself, so that its limits hold.</summary>
/// <param name="driver">Drives.</param>
/// <param name="tell">Takes a line when trouble begins, and one when it ends.</param>
/// <param name="time">For pauses.</param>
/// <param name="givesUp">Whether it leaves a promotion that cannot be driven from here; else it never does, as nobody else would drive it.</param>
public sealed class RetryingDriver(PromotionDriver driver, Action<string> tell, TimeProvider time, bool givesUp = false)
{
    /// <summary>After an unexpected failure the same promotion is driven on.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Its end; null when another driver has it, or when it is to stop and stays open for a successor. Fails with a problem of the
    /// kind <see cref="ProblemKind.NeedsPerson"/> where it gives up.
    /// </summary>
    public async Task<Promotion?> Run(PromotionLock held, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(held);
        var retries = new RetryReporter(held, tell, time);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return await driver.Drive(held, retries, stop);
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
                retries.Retry(givesUp ? CauseOf(failure).Message : failure.ToString());
                if (givesUp && retries.IsExhausted(failure is ProblemException problem && problem.IsTransient())) throw retries.GivenUp(CauseOf(failure)).ToException(failure);
                await Task.Delay(Pause, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        return null;
    }

    private static Problem CauseOf(Exception failure) => failure is ProblemException known ? known.Problems[0]
        : new(ProblemCode.Unexpected, $"{failure.Message.Split('\n')[0].Trim().TrimEnd('.')} ({failure.GetType().Name}).");
}
