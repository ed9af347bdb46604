namespace Releases;

/// <summary>Creates the release that a rollback promotes: a copy of an older one.</summary>
public sealed class RollbackRelease(Rack rack, TimeProvider time)
{
    private const int PageSize = 100;

    /// <summary>The number of promotions that are searched for the rollback's target.</summary>
    private const int MaxPromotionsScanned = 1000;

    /// <summary>
    /// Copies the artifacts, environment and manifest of a release; for a copy, those of the original. Fails with
    /// <see cref="ProblemCode.Busy"/> while a promotion is open.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="source">The release to copy.</param>
    /// <param name="by">Who requested the rollback.</param>
    /// <param name="write">
    /// Writes the copy together with the promotion that it is made for; returns false if another release was added first.
    /// </param>
    /// <param name="cancel">Cancels the operation before the write.</param>
    public Task<Release> Create(
        AppName app, ReleaseReference source, string by, Func<ReleaseAddition, Task<bool>> write, CancellationToken cancel = default) =>
        Append(app, from: null, source, write, (original, from) => from.Next(Description("rollback", original), time.GetUtcNow(), by) with
        {
            Services = original.Services,
            Manifest = original.Manifest,
            Environment = original.Environment,
            Build = original.Build,
            Commit = original.Commit,
            CopyOf = original.Content,
        }, cancel);

    /// <summary>Copies the active release, with the artifact of one service taken from an older release.</summary>
    public Task<Release> CreateService(
        AppName app, ServiceName service, ReleaseId source, string by, Func<ReleaseAddition, Task<bool>> write,
        CancellationToken cancel = default) =>
        Append(
            app, "active", source, write,
            (original, from) => from.Next(Description($"rollback {service}", original), time.GetUtcNow(), by) with
            {
                Services = new Dictionary<ServiceName, ReleaseService>(from.Base!.Services) { [service] = original.Services[service] },
                Restores = new Dictionary<ServiceName, ReleaseId> { [service] = original.Content },
            }, cancel);

    /// <summary>
    /// Returns the release from which a rollback of one service without an id takes the artifact. Fails with
    /// <see cref="ProblemCode.Nothing"/>.
    /// </summary>
    public async Task<Release> ChooseTarget(AppName name, ServiceName service, CancellationToken cancel = default)
    {
        var app = await rack.Store.RequireApp(name, cancel);
        return ServiceRollbackTarget.Find(await Promoted(name, cancel), service) ?? throw new Problem(
            ProblemCode.Nothing,
            $"{service} has nothing to roll back to: it ran nothing else before "
                + $"{await First(name, app.Active, a => a.Restores.TryGetValue(service, out var id) ? id : a.CopyOf, cancel)}.",
            Remedy.Do(Operation.ListReleases, "List releases").Or(
                Remedy.Do(Operation.RollBack, "Roll back to one of them", OperationOption.Service, service.ToString(), "<id>")))
            .ToException();
    }

    /// <summary>Returns the release that a rollback without an id restores. Fails with <see cref="ProblemCode.Nothing"/>.</summary>
    public async Task<Release> ChooseTarget(AppName name, CancellationToken cancel = default)
    {
        var app = await rack.Store.RequireApp(name, cancel);
        if (app.Active is null)
            throw new Problem(
                ProblemCode.Nothing, $"{name} has nothing to roll back; nothing has been promoted yet.",
                await PromotionOffer.OfLatest(rack.Store, app, "Promote a release", cancel)).ToException();
        return RollbackTarget.Find(await Promoted(name, cancel)) is { } target
            ? await rack.Store.RequireRelease(name, target, cancel)
            : throw new Problem(
                ProblemCode.Nothing,
                $"{name} has nothing to roll back to: no other release was promoted before "
                    + $"{await First(name, app.Active, a => a.CopyOf, cancel)}.",
                Remedy.Do(Operation.ListReleases, "List releases").Or(
                    Remedy.Do(Operation.RollBack, "Roll back to one of them", "<id>"))).ToException();
    }

    /// <summary>
    /// Returns the release that nothing was promoted before: the active one or, if that is a rollback, the one that it restores. What was
    /// promoted between the two is what was rolled back.
    /// </summary>
    private async Task<string> First(AppName app, ReleaseId? active, Func<Release, ReleaseId?> restores, CancellationToken cancel)
    {
        if (active is not { } id) return "the first promotion";
        var label = await rack.Store.Label(app, id, cancel);
        return await rack.Store.FindRelease(app, id, cancel) is { } release && restores(release) is { } original
            ? $"{await rack.Store.Label(app, original, cancel)}, which {label} restores"
            : label;
    }

    private async Task<List<Release>> Promoted(AppName app, CancellationToken cancel)
    {
        var ids = new List<ReleaseId>();
        PromotionId? before = null;
        for (var read = 0; read < MaxPromotionsScanned; read += PageSize)
        {
            var page = await rack.Store.ListPromotions(app, PageSize, before, cancel);
            ids.AddRange(page.Where(p => p.Status == PromotionStatus.Succeeded).Select(p => p.Release));
            if (page.Count < PageSize) break;
            before = page[^1].Id;
        }

        var releases = new Dictionary<ReleaseId, Release>();
        foreach (var id in ids.Distinct()) releases[id] = await rack.Store.RequireRelease(app, id, cancel);
        return [.. ids.AsEnumerable().Reverse().Select(id => releases[id])];
    }

    private async Task<Release> Append(
        AppName app, string? from, ReleaseReference source, Func<ReleaseAddition, Task<bool>> write,
        Func<Release, ReleaseBase, Release> compose, CancellationToken cancel)
    {
        await rack.Store.RequireApp(app, cancel);
        var named = await rack.Store.RequireRelease(app, source, cancel);
        var original = named.CopyOf is { } id ? await rack.Store.FindRelease(app, id, cancel) ?? named : named;
        var added = await new AppendRelease(rack.Store, time).Run(app, from, async @base =>
        {
            // Checked at every attempt, because the store rejects a pruned release.
            (await rack.Store.RequireRelease(app, original.Id, cancel)).RequireNotPruned();
            // What can be rolled back to depends on what is live, not on a newer release that nobody has promoted.
            var active = @base.App.Active is { } live ? await rack.Store.FindRelease(app, live, cancel) : null;
            return @base.Addition(compose(original, @base) with { Oldest = active?.Oldest });
        }, cancel, write);
        return added!.Addition.Release;
    }

    private static string Description(string what, Release original) =>
        $"{what} to {original.Content}" + (original.Description.Length > 0 ? $": {original.Description}" : "");
}
