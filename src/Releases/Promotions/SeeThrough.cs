namespace Releases;

/// <summary>Drives a promotion to its end whatever goes wrong with the driving itself, so that its limits hold.</summary>
/// <param name="promote">Drives.</param>
/// <param name="tell">Takes a line on each trouble.</param>
/// <param name="time">For pauses.</param>
public sealed class SeeThrough(Promote promote, Action<string> tell, TimeProvider time)
{
    /// <summary>After an unexpected failure the same promotion is driven on.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Its end; null when another driver has it, or when it is to stop and stays open for a successor.</summary>
    public async Task<Promotion?> Run(PromotionLock held, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(held);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return await promote.Drive(held, stop);
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
            catch (Exception unexpected)
            {
                tell($"promotion {held.Promotion} could not be driven, trying again: {unexpected}");
                await Task.Delay(Pause, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        return null;
    }
}
