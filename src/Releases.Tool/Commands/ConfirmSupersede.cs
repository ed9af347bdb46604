namespace Releases.Tool;

/// <summary>Prints the deployments that a promotion would supersede and what its rollback returns to, and asks for confirmation.</summary>
internal static class ConfirmSupersede
{
    /// <summary>Returns what may be superseded, and nothing else that begins meanwhile; null if that wasn't confirmed.</summary>
    public static async Task<IReadOnlyList<SupersededDeployment>?> Ask(
        Invocation call, OperationContext operations, PromoteRelease request, bool sure, CancellationToken cancel)
    {
        var inFlight = await new FindInFlight(operations).Run(request, cancel);
        if (inFlight.Count == 0)
        {
            call.Terminal.Say($"No service of {request.App.Name} is being deployed, so there is nothing to supersede.");
            return [];
        }

        foreach (var one in inFlight)
        {
            var what = one.HasFailed ? "has a failed deployment" : "is being deployed";
            call.Terminal.Say(SafeText.Line($"{one.Service} {what}: {one.What}."));
            call.Terminal.Say(SafeText.Line(one.WayBack is { } back
                ? $"  If this promotion fails, {one.Service} is rolled back to {back}, the last that it completed."
                : $"  What {one.Service} last completed isn't known, so this promotion will be refused."));
        }

        if (sure || await call.Terminal.Confirm("Deploy over this?", cancel))
            return [.. inFlight.Select(i => i.Superseded)];
        call.Terminal.Say("Nothing changed.");
        return null;
    }
}
