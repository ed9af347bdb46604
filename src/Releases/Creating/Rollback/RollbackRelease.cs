namespace Releases;

/// <summary>Makes a release that is a copy of an older one: what a rollback promotes. Deploys nothing.</summary>
public sealed class RollbackRelease(Rack rack, TimeProvider time)
{
    private const int PageSize = 100;

    /// <summary>How many promotions are looked at to find the way back.</summary>
    private const int MaxPromotionsScanned = 1000;

    /// <summary>Copies artifacts, environment and manifest of a release; of a copy, those of what it copies.</summary>
    public async Task<CreatedRelease> Create(AppName app, ReleaseReference source, string by, CancellationToken cancel = default)
    {
        await rack.Store.RequireApp(app, cancel);
        var named = await rack.Store.RequireRelease(app, source, cancel);
        var original = named.CopyOf is { } id ? await rack.Store.FindRelease(app, id, cancel) ?? named : named;
        var added = await new AppendRelease(rack.Store, time).Run(app, null, async from =>
        {
            // Again at every attempt: it may be pruned meanwhile, and then the store refuses the copy.
            (await rack.Store.RequireRelease(app, original.Id, cancel)).RequireNotPruned();
            return from.Addition(from.Next(Description(original), time.GetUtcNow(), by) with
            {
                Services = original.Services,
                Manifest = original.Manifest,
                Environment = original.Environment,
                Build = original.Build,
                Commit = original.Commit,
                CopyOf = original.Content,
            });
        }, cancel);
        return new(added!.Addition.Release, null, null, []);
    }

    /// <summary>Copies the active release, with the artifact of one service from an older one. Fails with
    /// <see cref="ProblemCode.NotFound"/>.</summary>
    public async Task<CreatedRelease> CreateService(AppName app, ServiceName service, ReleaseId source, string by,
        CancellationToken cancel = default)
    {
        var added = await new AppendRelease(rack.Store, time).Run(app, "active", async from =>
        {
            var original = await rack.Store.RequireRelease(app, source, cancel);
            original.RequireNotPruned();
            var services = from.Base!.Services.ToDictionary();
            services[service] = original.Services[service];
            var description = $"rollback {service} to {original.Content}"
                + (original.Description.Length > 0 ? $": {original.Description}" : "");
            return from.Addition(from.Next(description, time.GetUtcNow(), by) with
            {
                Services = services,
                Restores = new Dictionary<ServiceName, ReleaseId> { [service] = original.Content },
            });
        }, cancel);
        return new(added!.Addition.Release, null, null, []);
    }

    /// <summary>The release that a rollback of one service without an id takes it from, or <see cref="ProblemCode.Nothing"/>.</summary>
    public async Task<Release> ChooseTarget(AppName name, ServiceName service, CancellationToken cancel = default)
    {
        var app = await rack.Store.RequireApp(name, cancel);
        return ServiceRollbackTarget.Find(await Promoted(name, cancel), service) ?? throw new Problem(
            ProblemCode.Nothing,
            $"{service} has nothing to roll back to: it ran nothing else before {app.Active?.ToString() ?? "the first promotion"}.",
            Remedy.Do(Operation.ListReleases, "List releases")
                .Or(Remedy.Do(Operation.RollBack, "Name one", "--service", service.ToString(), "<id>"))).ToException();
    }

    /// <summary>The release that a rollback without an id promotes, or <see cref="ProblemCode.Nothing"/>.</summary>
    public async Task<Release> ChooseTarget(AppName name, CancellationToken cancel = default)
    {
        var app = await rack.Store.RequireApp(name, cancel);
        if (app.Active is null)
            throw new Problem(
                ProblemCode.Nothing, $"{name} has nothing to roll back; nothing has been promoted yet.",
                Remedy.Do(Operation.Promote, "Promote a release")).ToException();
        return RollbackTarget.Find(await Promoted(name, cancel)) is { } target
            ? await rack.Store.RequireRelease(name, target, cancel)
            : throw new Problem(
                ProblemCode.Nothing, $"{name} has nothing to roll back to: no other release was promoted before {app.Active}.",
                Remedy.Do(Operation.ListReleases, "List releases").Or(Remedy.Do(Operation.RollBack, "Name one", "<id>"))).ToException();
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

    private static string Description(Release original) =>
        $"rollback to {original.Content}" + (original.Description.Length > 0 ? $": {original.Description}" : "");
}
