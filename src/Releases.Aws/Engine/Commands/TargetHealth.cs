namespace Releases.Aws;

/// <summary>Reads the health of a task according to its load balancer.</summary>
internal sealed class TargetHealth(JsonService balancing)
{
    /// <summary>Returns why a task isn't healthy in the target groups of its service, or null if it is or no group checks it.</summary>
    /// <param name="groups">The ARNs of the target groups. The task is only in one of those between which traffic is shifted.</param>
    /// <param name="address">The task's private address.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<string?> Problem(IReadOnlyList<string> groups, string address, CancellationToken cancel)
    {
        var isRegistered = groups.Count == 0;
        foreach (var group in groups)
        {
            var answer = await balancing.Read("DescribeTargetHealth", new() { ["TargetGroupArn"] = group }, cancel);
            foreach (var target in answer.Output.Objects("TargetHealthDescriptions").Where(d => d["Target"].Text("Id") == address))
            {
                isRegistered = true;
                // A group that no listener forwards to isn't checked, nor is one with its checks disabled.
                if (target["TargetHealth"].Text("State") is not ("healthy" or "unused" or "unavailable") and var state)
                    return $"{address} is {state ?? "of unknown health"} in {NameOf(group)}"
                        + (target["TargetHealth"].Text("Description") is { } why ? $" ({why.TrimEnd('.')})" : "");
            }
        }

        return isRegistered ? null : $"{address} isn't registered in {string.Join(" or ", groups.Select(NameOf))}";
    }

    /// <summary><c>arn:…:targetgroup/blue/1</c> is the target group blue.</summary>
    private static string NameOf(string group) => $"the target group {group.Split('/')[^2]}";
}
