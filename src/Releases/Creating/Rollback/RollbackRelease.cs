namespace Releases;

/// <summary>Makes a release that is a copy of an older one: what a rollback promotes.</summary>
public sealed class RollbackRelease(Rack rack, TimeProvider time)
{
    private const int PageSize = 100;

    /// <summary>How many promotions are looked at to find the way back.</summary>
    private const int MaxPromotionsScanned = 1000;

    /// <summary>
    /// Copies artifacts, environment and manifest of a release; of a copy, those of what it copies. Fails with
    /// <see cref="ProblemCode.Busy"/> while a promotion is open.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="source">What is copied.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="write">Writes the copy, with the promotion that it is made for; false if another release was added before.</param>
    /// <param name="cancel">Ends it before that.</param>
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

    /// <summary>The same for the active release, with the artifact of one service from an older one.</summary>
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

    /// <summary>The release that a rollback of one service without an id takes it from, or <see cref="ProblemCode.Nothing"/>.</summary>
    public async Task<Release> ChooseTarget(AppName name, ServiceName service, CancellationToken cancel = default)
    {
        var app = await rack.Store.RequireApp(name, cancel);
        return ServiceRollbackTarget.Find(await Promoted(name, cancel), service) ?? throw new Problem(
            ProblemCode.Nothing,
            $"{service} has nothing to roll back to: it ran nothing else before {await Label(name, app.Active, cancel)}.",
            Remedy.Do(Operation.ListReleases, "List releases").Or(
                Remedy.Do(Operation.RollBack, "Name one", "--service", service.ToString(), "<id>"))).ToException();
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
                ProblemCode.Nothing,
                $"{name} has nothing to roll back to: no other release was promoted before {await Label(name, app.Active, cancel)}.",
                Remedy.Do(Operation.ListReleases, "List releases").Or(Remedy.Do(Operation.RollBack, "Name one", "<id>"))).ToException();
    }

    private async Task<string> Label(AppName app, ReleaseId? active, CancellationToken cancel) =>
        active is not { } id ? "the first promotion"
        : await rack.Store.FindRelease(app, id, cancel) is { } release ? $"v{release.Number} ({release.Id})" : id.ToString();

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
            // Again at every attempt: the store refuses what was pruned, or what a promotion that began meanwhile leaves no room for.
            if (await rack.Store.FindLock(app, cancel) is { } held) throw held.Busy().ToException();
            (await rack.Store.RequireRelease(app, original.Id, cancel)).RequireNotPruned();
            return @base.Addition(compose(original, @base));
        }, cancel, write);
        return added!.Addition.Release;
    }

    private static string Description(string what, Release original) =>
        $"{what} to {original.Content}" + (original.Description.Length > 0 ? $": {original.Description}" : "");
}
