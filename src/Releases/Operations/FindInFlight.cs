namespace Releases;

/// <summary>Finds out what a promotion would supersede, before it begins. Changes nothing.</summary>
public sealed class FindInFlight(OperationContext context)
{
    /// <summary>
    /// The deployments that are in flight; empty: none. Fails with <see cref="ProblemCode.NotSupported"/> where nobody but the rack
    /// deploys.
    /// </summary>
    public async Task<IReadOnlyList<InFlightDeployment>> Run(PromoteRelease request, CancellationToken cancel)
    {
        var release = await context.Store.RequireReleaseOrLatest(request.App, request.Release, cancel);
        var plan = await new ReleasePlanReader(context.Store, context.Rack.Vault, context.Rack.Name).Read(request.App, release, cancel);
        return await context.Rack.InFlight(request.App, plan.Services, cancel) ?? throw new Problem(
            ProblemCode.NotSupported,
            $"on rack {context.Rack.Address} only promotions deploy, so there is nothing else to supersede. Nothing changed.",
            Remedy.Do(Operation.CancelPromotion, "Leave --supersede out. To end a running promotion"), ProblemKind.Usage).ToException();
    }
}
