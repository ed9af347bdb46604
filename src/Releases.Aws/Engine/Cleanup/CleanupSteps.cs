namespace Releases.Aws;

/// <summary>
/// Tries the steps of a cleanup, so that one that fails doesn't keep the others from being tried. After a failure that may pass, nothing
/// more is tried unless it is the last time, because all of it is repeated.
/// </summary>
internal sealed class CleanupSteps(bool isLast, TimeProvider time)
{
    /// <summary>How long the last time continues after a step that AWS throttles: each one waits for AWS, with the app locked.</summary>
    private static readonly TimeSpan MaxLast = TimeSpan.FromMinutes(5);

    private readonly long _began = time.GetTimestamp();
    private readonly List<ProblemException> _undone = [];
    private int _left;

    public async Task Try(Func<Task> step)
    {
        if (_undone.Any(u => u.MayPass) && (!isLast || time.GetElapsedTime(_began) >= MaxLast))
        {
            _left++;
            return;
        }

        try
        {
            await AwsProblems.Translate("ECS", async () =>
            {
                await step();
                return true;
            });
        }
        catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
        {
            _undone.Add(problem);
        }
    }

    /// <summary>Fails with whatever couldn't be done.</summary>
    public void Require()
    {
        if (isLast && _left > 0)
            _undone.Add(new Problem(
                AwsProblemCode.Refused,
                $"{_left} more {(_left == 1 ? "step of the cleanup wasn't" : "steps of the cleanup weren't")} tried, because AWS kept "
                    + "throttling.", "Promote again").ToException());
        if (_undone.Count > 0) throw new ProblemException([.. _undone.SelectMany(u => u.Problems)]);
    }
}
