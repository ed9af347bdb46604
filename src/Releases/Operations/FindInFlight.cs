namespace Releases;

/// <summary>Determines what a promotion would supersede, before it starts. Changes nothing.</summary>
public sealed class FindInFlight(OperationContext context)
{
    /// <summary>
    /// Returns the deployments that are in flight. Fails with <see cref="ProblemCode.NotSupported"/> on a rack where only promotions
    /// deploy.
    /// </summary>
    public async Task<IReadOnlyList<InFlightDeployment>> Run(PromoteRelease request, CancellationToken cancel)
    {
        var release = await context.Store.RequireReleaseOrLatest(request.App, request.Release, cancel);
        var plan = await new ReleasePlanReader(context.Store, context.Rack.Vault, context.Rack.Name).Read(request.App, release, cancel);
        return await context.Rack.InFlight(request.App, plan.Services, cancel) ?? throw new Problem(
            ProblemCode.NotSupported,
            $"on rack {context.Rack.Address} only promotions deploy, so there is nothing else to supersede.",
            Remedy.LeaveOut(OperationOption.Supersede, "Promote")
                .Or(Remedy.Do(Operation.CancelPromotion, "End a running promotion")), ProblemKind.Usage,
                Unchanged: Problem.NothingChanged).ToException();
    }
}
