using System.Runtime.ExceptionServices;

namespace Releases.Local;

/// <summary>Processes many files on all processors.</summary>
internal static class ParallelFiles
{
    /// <summary>Runs the work for each number below <paramref name="count"/>. Fails with the first failure.</summary>
    public static void For(int count, Action<int> work, CancellationToken cancel)
    {
        try
        {
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel }, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions.FirstOrDefault(e => e is not OperationCanceledException) ?? several);
        }
    }
}
