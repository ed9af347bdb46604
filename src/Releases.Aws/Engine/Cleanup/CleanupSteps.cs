namespace Releases.Aws;

/// <summary>
/// Tries the steps of a cleanup, so that one that fails doesn't keep the others from being tried. After a failure that may pass, nothing
/// more is tried unless it is the last time, because all of it is repeated.
/// </summary>
internal sealed class CleanupSteps(bool isLast)
{
    private readonly List<ProblemException> _undone = [];

    public async Task Try(Func<Task> step)
    {
        if (!isLast && _undone.Any(u => u.MayPass)) return;
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
        if (_undone.Count > 0) throw new ProblemException([.. _undone.SelectMany(u => u.Problems)]);
    }
}
