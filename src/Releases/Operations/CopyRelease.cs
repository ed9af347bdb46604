namespace Releases;

/// <summary>Copies a release to another app or another rack: the same artifacts, without building. Deploys nothing.</summary>
/// <param name="to">The context of the rack that it is copied to.</param>
public sealed class CopyRelease(OperationContext to)
{
    /// <summary>
    /// Fails with <see cref="ProblemCode.NotSupported"/> if no release of one rack can run on the other, which their addresses tell before
    /// either is opened.
    /// </summary>
    public static void RequireSameKind(RackAddress from, RackAddress to)
    {
        if (from.Kind.ArtifactKind != to.Kind.ArtifactKind)
            throw KindMismatch.Create($"a release of {from}", from.Kind.ArtifactKind, to.Text, to.Kind.ArtifactKind).ToException();
    }

    /// <summary>
    /// Copies the release. Artifacts that the rack already has aren't sent. Fails with <see cref="ProblemCode.Usage"/> if it is the same
    /// app on the same rack, with <see cref="ProblemCode.NotSupported"/> if the rack runs another kind of artifact, or with the problem of
    /// an artifact.
    /// </summary>
    /// <param name="from">The rack that has the release.</param>
    /// <param name="app">The app on that rack.</param>
    /// <param name="reference">The release.</param>
    /// <param name="toApp">The app that it is copied to; created if it doesn't exist.</param>
    /// <param name="cancel">Cancels the copy.</param>
    public async Task<CreatedRelease> Run(Rack from, AppName app, ReleaseReference reference, AppName toApp,
        CancellationToken cancel = default)
    {
        await from.Store.RequireApp(app, cancel);
        var release = await from.Store.RequireRelease(app, reference, cancel);
        release.RequireNotPruned();
        if (app == toApp && from.Address == to.Rack.Address)
            throw new Problem(
                ProblemCode.Usage, $"{release.Label} is already a release of {app} on {to.Rack.Address}.",
                PromotionOffer.Of(release, "Promote it"), ProblemKind.Usage).ToException();
        return await new ReceiveRelease(to).Run(
            toApp, await new PackRelease(from).Run(release, cancel), (service, stop) =>
                from.Artifacts.Open(service.Artifact, stop), cancel);
    }
}
