namespace Releases;

/// <summary>Runs a command once with a release's code and environment.</summary>
public sealed class RunOneOff(Rack rack, TimeProvider time)
{
    private const int MaxDetail = 200;

    /// <summary>
    /// Runs the command, and returns its exit code. Everything that prevents it is reported before anything is started: as for a promotion,
    /// the release must be complete, with every variable that its services require.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="of">The release; the active one if null.</param>
    /// <param name="service">The service whose code and environment are used.</param>
    /// <param name="command">The command to run.</param>
    /// <param name="by">Who requested it.</param>
    /// <param name="caller">The caller, with their terminal or pipes.</param>
    /// <param name="cancel">Ends the command gracefully.</param>
    /// <param name="isInteractive">Whether it is used at a terminal.</param>
    public async Task<int> Run(
        App app, ReleaseReference? of, ServiceName service, ProcessCommand command, string by, IOneOffCaller caller,
        CancellationToken cancel, bool isInteractive = false)
    {
        var release = await rack.Store.RequireRelease(app.Name, of ?? app.Active ?? throw await NothingActive(app, cancel), cancel);
        await rack.Store.RequireServices(app, release, [service], cancel);

        var plan = await new ReleasePlanReader(rack.Store, rack.Vault, rack.Name).Read(app, release, cancel);
        if (plan.Problems.Count > 0) throw new ProblemException(plan.Problems);
        var spec = plan.Services.Single(s => s.Service.Name == service);
        if (await rack.Artifacts.Verify(spec.Content.Artifact!, cancel) is { } damaged) throw damaged.ToException();

        await rack.Store.ChangeApp(app.Name, a => a, Started(release, spec, plan.Redactor.Redact(command), by), cancel);
        return await rack.OneOffs.Run(new(app, release, spec, command, by) { IsInteractive = isInteractive }, caller, cancel);
    }

    private Event Started(Release release, ServiceSpec spec, string command, string by) => new()
    {
        At = time.GetUtcNow(),
        Kind = EventKind.OneOffStarted,
        By = by,
        Release = release.Id,
        Detail = $"{spec.Service.Name}: {(command.Length > MaxDetail ? command[..MaxDetail] + "…" : command)}",
    };

    private async Task<ProblemException> NothingActive(App app, CancellationToken cancel) => new Problem(
        ProblemCode.Nothing, $"{app.Name} has no active release to run a command in.",
        (await PromotionOffer.OfLatest(rack.Store, app, "Promote one", cancel))
            .Or(Remedy.Pass(OperationOption.Release, "Use another release", "<id>"))).ToException();
}
