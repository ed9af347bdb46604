namespace Releases;

/// <summary>Copies a release to another app or another rack: the same artifacts, without building. Deploys nothing.</summary>
/// <param name="to">The rack that it is copied to.</param>
public sealed class CopyRelease(OperationContext to)
{
    /// <summary>
    /// Copies it. Artifacts that the rack has already aren't sent. Fails with <see cref="ProblemCode.Usage"/> for the same app of the same
    /// rack, with <see cref="ProblemCode.NotSupported"/> where the rack runs another kind of artifact, or with what is wrong with one.
    /// </summary>
    /// <param name="from">The rack that has it.</param>
    /// <param name="app">The app there.</param>
    /// <param name="reference">The release.</param>
    /// <param name="toApp">The app that it is copied to; made where it is missing.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<CreatedRelease> Run(Rack from, AppName app, ReleaseReference reference, AppName toApp,
        CancellationToken cancel = default)
    {
        await from.Store.RequireApp(app, cancel);
        var release = await from.Store.RequireRelease(app, reference, cancel);
        release.RequireNotPruned();
        if (app == toApp && from.Address == to.Rack.Address)
            throw new Problem(
                ProblemCode.Usage, $"v{release.Number} ({release.Id}) is already a release of {app} on {to.Rack.Address}.",
                Remedy.Do(Operation.Promote, "Promote it", release.Id.ToString()), ProblemKind.Usage).ToException();
        return await new ReceiveRelease(to).Run(
            toApp, await new PackRelease(from).Run(release, cancel), (service, stop) =>
                from.Artifacts.Open(service.Artifact, stop), cancel);
    }
}
