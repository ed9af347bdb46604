namespace Releases;

/// <summary>Creates a build and a release from published projects. Deploys nothing.</summary>
public sealed class CreateRelease(Rack rack, TimeProvider time)
{
    /// <summary>Git's warnings from the start of each build, reported with its release.</summary>
    private readonly Dictionary<BuildId, Problem> _gitWarnings = [];

    private readonly RunningBuild _running = new(rack.Store, time);

    /// <summary>
    /// Stores the artifacts and adds the release to the app as it is at that moment. A failure leaves a build marked as failed, and no
    /// release.
    /// </summary>
    public async Task<CreatedRelease> FromBuild(BuildRequest request, CancellationToken cancel = default)
    {
        var build = await Begin(request, cancel);
        try
        {
            return await WithHeartbeat(build, () => Complete(build, request, cancel));
        }
        catch (Exception cause)
        {
            await MarkFailed(build, cause);
            throw;
        }
    }

    /// <summary>Performs the checks of a build of these projects before anything is compiled or written.</summary>
    public async Task Check(BuildRequest request, CancellationToken cancel = default)
    {
        var content = new BuildContent(request, await ManifestFile.Read(request.AppFolder, cancel), rack);
        var isThere = await RequireOwn(request, cancel);
        if (!isThere) ReleaseBase.RequireNoneNamed(request.App, request.From);
        var from = isThere ? (await ReleaseBase.Read(rack.Store, request.App, request.From, cancel)).Base : null;
        if (request.Projects.Count > 0) await content.Check(from, cancel);
        if (isThere) await content.Oldest(await ReleaseBase.Read(rack.Store, request.App, request.From, cancel), cancel);
    }

    /// <summary>Records that a build is running, before its projects are published.</summary>
    public async Task<Build> Begin(BuildRequest request, CancellationToken cancel = default)
    {
        await EnsureApp(request, cancel);
        var git = await GitDescription.Read(request.SourceFolder, request.Description, time, cancel);
        if (git.Warning is { } untold) _gitWarnings[request.Build] = untold;
        var build = new Build
        {
            Id = request.Build,
            App = request.App,
            Status = BuildStatus.Running,
            Commit = git.Commit,
            Description = KeptOutput.Reason(git.Description),
            StartedAt = time.GetUtcNow(),
            StartedBy = request.By,
        };
        await rack.Store.SaveBuild(build, cancel);
        return build;
    }

    /// <summary>Does the work of a started build, with a heartbeat in its record that shows it is running.</summary>
    public Task<T> WithHeartbeat<T>(Build build, Func<Task<T>> work) => _running.WithHeartbeat(build, work);

    /// <summary>Stores the published output of a started build, and adds its release.</summary>
    public async Task<CreatedRelease> Complete(Build build, BuildRequest request, CancellationToken cancel = default)
    {
        var file = await ManifestFile.Read(request.AppFolder, cancel);
        var content = new BuildContent(request, file, rack);
        content.Services();
        var published = new Dictionary<AppProject, ReleaseService>();
        foreach (var image in request.Projects.Select(p => p.Image).OfType<Artifact>())
            if (await rack.Artifacts.Verify(image, cancel) is { } problem) throw NotPushed(image, problem).ToException();
        foreach (var project in request.Projects)
            published[project.Project] = new()
            {
                Artifact = project.Image ?? await rack.Artifacts.Store(project.Folder, project.AssemblyName, cancel),
                Build = build.Id,
                BuildDescription = build.Description,
                Commit = build.Commit,
            };

        var evidence = CollectedEvidence.From(build, request, published, time.GetUtcNow());
        foreach (var (project, of) in evidence.Of) published[project] = published[project] with { Evidence = of };

        IReadOnlyList<Problem> warnings = _gitWarnings.TryGetValue(build.Id, out var git)
            ? [git, .. content.Warnings(), .. evidence.Warnings]
            : [.. content.Warnings(), .. evidence.Warnings];
        if (request.Warned is { } warned) await warned(warnings);
        Release? same = null;
        var added = await new AppendRelease(rack.Store, time).Run(request.App, request.From, async from =>
        {
            var (text, services) = await content.Compose(from.Base, published, cancel);
            var oldest = await content.Oldest(from, cancel);
            if (request.OnlyIfChanged && oldest == from.Base?.Oldest && from.HasSame(ManifestId.Of(text), services))
            {
                same = from.Base;
                return null;
            }

            var release = from.Next(build.Description, time.GetUtcNow(), request.By) with
            {
                Services = services,
                Manifest = ManifestId.Of(text),
                Build = build.Id,
                Commit = build.Commit,
                Oldest = oldest,
            };
            request.RequireOwn(from.App);
            return from.Addition(release, text, source: request.Source, documents: evidence.Documents, build: build with
            {
                Status = BuildStatus.Complete,
                Release = release.Id,
                EndedAt = release.CreatedAt,
                Artifacts = services.Where(s => s.Value.Build == build.Id).ToDictionary(s => s.Key, s => s.Value.Artifact!),
            });
        }, cancel);
        if (added is not null) return new(added.Addition.Release, added.Addition.Build, added.Note, warnings);
        var unchanged = build with { Status = BuildStatus.Complete, Release = same!.Id, EndedAt = time.GetUtcNow() };
        await rack.Store.SaveBuild(unchanged, cancel);
        return new(same, unchanged, Note: null, warnings) { IsUnchanged = true };
    }

    /// <summary>Records that a started build failed, and why. If that can't be written, the cause carries the reason.</summary>
    public Task MarkFailed(Build build, Exception cause, string? reason = null) => _running.MarkFailed(build, cause, reason);

    /// <summary>
    /// Returns the service that a project provides, or the first of several. Fails if <c>convox.yml</c> has no service for the project.
    /// </summary>
    public async Task<ServiceName> ServiceOf(BuildRequest request, CancellationToken cancel = default) =>
        new BuildContent(request, await ManifestFile.Read(request.AppFolder, cancel), rack).Services().First();

    /// <summary>Fails if the folder's name alone makes it the app of another folder. Returns false if the app doesn't exist yet.</summary>
    private async Task<bool> RequireOwn(BuildRequest request, CancellationToken cancel)
    {
        if (await rack.Store.FindApp(request.App, cancel) is { DeletedAt: null } app)
        {
            request.RequireOwn(app);
            return true;
        }

        if (!request.IsAppStated) FolderNames.RequireUsable(request.AppFolder, request.App);
        return false;
    }

    private static Problem NotPushed(Artifact image, Problem problem) => problem.Code != ProblemCode.DamagedArtifact ? problem : new(
        ProblemCode.NoPublishOutput, $"the SDK made the image {image.Reference}, but didn't push it there. No release was made.",
        "Publish without targets of your own that make the image (PublishContainer).");

    private async Task EnsureApp(BuildRequest request, CancellationToken cancel)
    {
        if (await RequireOwn(request, cancel)) return;
        await EnsuredApp.Create(rack.Store, request.App, time.GetUtcNow(), request.By, cancel);
    }
}
