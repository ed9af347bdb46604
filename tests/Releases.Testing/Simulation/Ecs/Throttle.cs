namespace Releases.Testing.Simulation.Ecs;

/// <summary>The buckets of ECS: a burst, and how many calls a second come back.</summary>
internal sealed class Throttle(TimeProvider time)
{
    private static readonly Dictionary<string, (double Burst, double EachSecond)> Limits = new()
    {
        ["RegisterTaskDefinition"] = (20, 1),
        ["UpdateService"] = (50, 5),
        ["DescribeServices"] = (100, 20),
        ["DescribeServiceDeployments"] = (50, 20),
        ["ListServiceDeployments"] = (50, 20),
        ["DescribeServiceRevisions"] = (50, 20),
        ["ListTasks"] = (100, 20),
        ["DescribeTasks"] = (100, 20),
        ["RunTask"] = (100, 40),
        ["StopTask"] = (100, 40),
    };

    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _buckets = [];

    public void Take(string operation)
    {
        if (!Limits.TryGetValue(operation, out var limit)) return;
        var now = time.GetUtcNow();
        var (left, at) = _buckets.GetValueOrDefault(operation, (limit.Burst, now));
        left = Math.Min(limit.Burst, left + ((now - at).TotalSeconds * limit.EachSecond));
        if (left < 1) throw new ServiceError("ThrottlingException", "Rate exceeded");
        _buckets[operation] = (left - 1, now);
    }
}
