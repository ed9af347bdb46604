namespace Releases.Aws;

/// <summary>What a load balancer's own health checks know of a task.</summary>
internal sealed class TargetHealth(JsonService balancing)
{
    /// <summary>Why a task isn't healthy in the target groups of its service; null: it is, or none of them checks it.</summary>
    /// <param name="groups">Their ARNs: of those between which traffic is shifted, the task is in one.</param>
    /// <param name="address">The task's private address.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<string?> Problem(IReadOnlyList<string> groups, string address, CancellationToken cancel)
    {
        var isRegistered = groups.Count == 0;
        foreach (var group in groups)
        {
            var answer = await balancing.Read("DescribeTargetHealth", new() { ["TargetGroupArn"] = group }, cancel);
            foreach (var target in answer.Output.Objects("TargetHealthDescriptions").Where(d => d["Target"].Text("Id") == address))
            {
                isRegistered = true;
                // A group that no listener leads to checks nothing, and neither does one whose checks are off.
                if (target["TargetHealth"].Text("State") is not ("healthy" or "unused" or "unavailable") and var state)
                    return $"{address} is {state ?? "of unknown health"} in {NameOf(group)}"
                        + (target["TargetHealth"].Text("Description") is { } why ? $" ({why.TrimEnd('.')})" : "");
            }
        }

        return isRegistered ? null : $"{address} isn't registered in {string.Join(" or ", groups.Select(NameOf))}";
    }

    /// <summary><c>arn:…:targetgroup/blue/1</c>: the target group blue.</summary>
    private static string NameOf(string group) => $"the target group {group.Split('/')[^2]}";
}
