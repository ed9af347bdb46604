namespace Releases;

/// <summary>Drives a promotion to its end whatever goes wrong with the driving itself, so that its limits hold.</summary>
/// <param name="promote">Drives.</param>
/// <param name="tell">Takes a line on each trouble, and on the end.</param>
/// <param name="time">For pauses.</param>
public sealed class SeeThrough(Promote promote, Action<string> tell, TimeProvider time)
{
    /// <summary>After an unexpected failure the same promotion is driven on.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns when it has ended, when another driver has it, or when it is to stop; what is open then stays open for a successor.</summary>
    public async Task Run(PromotionLock held, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(held);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var ended = await promote.Drive(held, stop);
                tell($"promotion {ended.Id} of {ended.Release} in {ended.App}: {ended.Status}{(ended.Reason is { } reason ? $", {reason}" : "")}");
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (ProblemException problem) when (problem.Is(ProblemCode.Fenced))
            {
                tell($"promotion {held.Promotion} was taken over by another driver");
                return;
            }
            catch (Exception unexpected)
            {
                tell($"promotion {held.Promotion} could not be driven, trying again: {unexpected}");
                await Task.Delay(Pause, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }
}
