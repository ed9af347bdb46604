namespace Releases;

/// <summary>An app that is to go back to an older release.</summary>
/// <param name="App">The app.</param>
/// <param name="To">The release; null: the one that was active before.</param>
/// <param name="Options">How it is promoted.</param>
public sealed record RollBackApp(App App, ReleaseReference? To, PromoteOptions Options);

/// <summary>Copies an older release forward and begins the promotion of the copy.</summary>
public sealed class RollBack(OperationContext context)
{
    /// <summary>
    /// Returns when it has begun; the copy is reported before. Fails with <see cref="ProblemCode.Nothing"/> if there is nothing to go back
    /// to, with <see cref="ProblemCode.Incomplete"/>, and as a promotion does.
    /// </summary>
    public async Task<StartedPromotion> Run(RollBackApp request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        var app = await new PromotionPreconditions(context).Ensure(request.App, request.Options, cancel);
        var copies = new RollbackRelease(context.Rack, context.Time);
        var target = await Target(copies, app.Name, request.To, cancel);
        var copy = (await copies.Create(app.Name, target.Id, await context.By(cancel), cancel)).Release;
        context.Notes.Report(new OperationNote.ReleaseCreated(copy));
        // The target was chosen by what is active now.
        var options = request.Options with { ExpectActive = request.Options.ExpectActive ?? app.Active };
        return await new StartPromotion(context).RunNew(app, copy, options, cancel);
    }

    /// <summary>The release that it would go back to, so that a person can confirm it; changes nothing. Fails as <see cref="Run"/> does.</summary>
    public Task<Release> FindTarget(App app, ReleaseReference? to, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(app);
        return Target(new(context.Rack, context.Time), app.Name, to, cancel);
    }

    private async Task<Release> Target(RollbackRelease copies, AppName app, ReleaseReference? named, CancellationToken cancel)
    {
        var target = named is { } to ? await context.Store.RequireRelease(app, to, cancel) : await copies.ChooseTarget(app, cancel);
        target.RequireNotPruned();
        return target.Missing.Count == 0 ? target : throw new Problem(
            ProblemCode.Incomplete, $"can't roll back to {target.Id}: no artifact yet for: {string.Join(", ", target.Missing)}. Nothing changed.",
            Remedy.Do(Operation.ListReleases, "Choose another one")).ToException();
    }
}
