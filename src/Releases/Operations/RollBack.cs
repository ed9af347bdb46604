namespace Releases;

/// <summary>Represents a request to roll an app back to an older release.</summary>
/// <param name="App">The app.</param>
/// <param name="To">The release, or null for the previously active one.</param>
/// <param name="Options">The options of the promotion.</param>
public sealed record RollBackApp(App App, ReleaseReference? To, PromoteOptions Options)
{
    /// <summary>The service to roll back alone, or null for all of them.</summary>
    public ServiceName? Service { get; init; }

    /// <summary>Whether to roll back beyond the limit that the active release states.</summary>
    public bool Force { get; init; }
}

/// <summary>Copies an older release and starts the promotion of the copy.</summary>
public sealed class RollBack(OperationContext context)
{
    private readonly RollbackRelease _copies = new(context.Rack, context.Time);

    /// <summary>
    /// Returns when the promotion has started: a single write adds the copy and starts its promotion. Fails with
    /// <see cref="ProblemCode.Nothing"/> if there is nothing to roll back to, with <see cref="ProblemCode.Incomplete"/>, with
    /// <see cref="ProblemCode.Pruned"/>, with <see cref="ProblemCode.BreaksBefore"/>, and as a promotion does.
    /// </summary>
    public async Task<StartedPromotion> Run(RollBackApp request, CancellationToken cancel)
    {
        var app = await new PromotionPreconditions(context).Ensure(request.App, request.Options, cancel);
        var target = await Target(app, request, cancel);
        var by = await context.By(cancel);
        // The target was chosen relative to the release that is active now.
        return (await new StartPromotion(context).RunAdding(app, request.Options.Replacing(app.Active), async write =>
        {
            var copy = request.Service is { } service
                ? await _copies.CreateService(app.Name, service, target.Id, by, write, cancel)
                : await _copies.Create(app.Name, target.Id, by, write, cancel);
            context.Notes.Report(new OperationNote.ReleaseCreated(copy) { Restored = target });
            return copy;
        }, cancel))!;
    }

    /// <summary>Returns the release that would be restored, for confirmation; changes nothing. Fails as <see cref="Run"/> does.</summary>
    public Task<Release> FindTarget(RollBackApp request, CancellationToken cancel) =>
        Target(request.App, request, cancel);

    private async Task<Release> Target(App app, RollBackApp request, CancellationToken cancel)
    {
        var active = app.Active is { } id ? await context.Store.FindRelease(app.Name, id, cancel) : null;
        if (request.Service is { } service)
        {
            if (active is null)
                throw new Problem(
                    ProblemCode.Nothing, $"{app.Name} has nothing to roll back; nothing has been promoted yet.",
                    await PromotionOffer.OfLatest(context.Store, app, "Promote a release", cancel)).ToException();
            await context.Store.RequireServices(app, active, [service], cancel);
        }

        var target = request.To is { } to ? await context.Store.RequireRelease(app.Name, to, cancel)
            : request.Service is { } one ? await _copies.ChooseTarget(app.Name, one, cancel) : await _copies.ChooseTarget(app.Name, cancel);
        if (active is not null) RequireDifferent(active, target, request.Service);
        target.RequireNotPruned();
        if (!request.Force && active is not null) await RequireWorks(app.Name, active, target, request.Service, cancel);
        var missing = Missing(target, request.Service);
        return missing.Count == 0 ? target : throw new Problem(
            ProblemCode.Incomplete,
            $"can't roll back to {target.Label}: no artifact yet for: {string.Join(", ", missing)}.",
            Remedy.Do(Operation.ListReleases, "Choose another one"), Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>Rolling back to the content that is already active would change nothing.</summary>
    private static void RequireDifferent(Release active, Release target, ServiceName? service)
    {
        if (!IsSame(active, target, service)) return;
        var what = service is { } alone
            ? $"{alone} of the active release, {active.Label}, is the same as in v{target.Number}"
            : target.Id == active.Id ? $"{active.Label} is the active release"
            : $"the active release, {active.Label}, has the same content as v{target.Number}";
        throw new Problem(
            ProblemCode.Nothing, $"{what}, so there is nothing to roll back.",
            Remedy.Do(Operation.Restart, "Restart its processes"), Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>What a release restores is as old as the original, unless the oldest one that works restores the same.</summary>
    private async Task RequireWorks(AppName app, Release active, Release target, ServiceName? service, CancellationToken cancel)
    {
        if (active.Oldest is not { } oldest) return;
        var works = await context.Store.FindRelease(app, new ReleaseReference(null, oldest), cancel);
        if (works is not null && IsSame(works, target, service)) return;
        var origin = target;
        foreach (var id in Restored(target, service))
            if (await context.Store.FindRelease(app, id, cancel) is { } older && older.Number < origin.Number) origin = older;
        var limit = works is { PrunedAt: null } && Missing(works, service).Count == 0 ? works : null;
        RollbackLimit.Require(active, target, origin, service, limit, limit is not null && IsSame(active, limit, service));
    }

    private static IReadOnlyList<ServiceName> Missing(Release target, ServiceName? service) => service is not { } alone
        ? target.Missing
        : target.Services.GetValueOrDefault(alone)?.Artifact is null ? [alone] : [];

    private static IEnumerable<ReleaseId> Restored(Release target, ServiceName? service) =>
        service is not { } one ? [target.Content, .. target.Restores.Values]
        : target.Restores.TryGetValue(one, out var restored) ? [restored] : [target.Content];

    private static bool IsSame(Release one, Release other, ServiceName? service) => service is { } alone
        ? other.Services.GetValueOrDefault(alone)?.Artifact is { } artifact
            && artifact.Digest == one.Services.GetValueOrDefault(alone)?.Artifact?.Digest
        : one.Content == other.Content;
}
