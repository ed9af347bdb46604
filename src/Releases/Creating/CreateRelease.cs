namespace Releases;

/// <summary>Makes a build and a release of what was published. Deploys nothing.</summary>
public sealed class CreateRelease(Rack rack, TimeProvider time)
{
    /// <summary>
    /// Stores the artifact and adds the release, based on what is there at that moment. What fails leaves a build that is
    /// marked so, and no release.
    /// </summary>
    public async Task<CreatedRelease> FromBuild(BuildRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await EnsureApp(request, cancel);
        var git = GitDescription.Of(Path.GetDirectoryName(request.ProjectPath)!, request.Description);
        var build = new Build
        {
            Id = request.Build,
            App = request.App,
            Status = BuildStatus.Running,
            Commit = git.Commit,
            Description = git.Description,
            StartedAt = time.GetUtcNow(),
            StartedBy = request.By,
        };
        await rack.Store.SaveBuild(build, cancel);
        try
        {
            return await Complete(request, build, cancel);
        }
        catch (Exception cause)
        {
            await MarkFailed(build, cause);
            throw;
        }
    }

    /// <summary>The service that the project is, or the first of several; refuses a project that <c>convox.yml</c> has no service for.</summary>
    public async Task<ServiceName> ServiceOf(BuildRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new BuildContent(request, await ManifestFile.Read(request.AppFolder, cancel), rack).Services()[0];
    }

    private async Task<CreatedRelease> Complete(BuildRequest request, Build build, CancellationToken cancel)
    {
        var file = await ManifestFile.Read(request.AppFolder, cancel);
        var content = new BuildContent(request, file, rack);
        content.Services();
        var artifact = request.Image ?? await rack.Artifacts.Store(request.PublishFolder, request.AssemblyName, cancel);
        var published = new ReleaseService
        {
            Artifact = artifact,
            Build = build.Id,
            BuildDescription = build.Description,
            Commit = build.Commit,
        };

        var added = await new AppendRelease(rack.Store, time).Run(request.App, request.From, async from =>
        {
            var (text, services) = await content.On(from.Base, published, cancel);
            var release = from.Next(build.Description, time.GetUtcNow(), request.By) with
            {
                Services = services,
                Manifest = ManifestId.Of(text),
                Build = build.Id,
                Commit = build.Commit,
            };
            return from.Addition(release, text, build: build with
            {
                Status = BuildStatus.Complete,
                Release = release.Id,
                EndedAt = release.CreatedAt,
                Artifacts = services.Where(s => s.Value.Build == build.Id).ToDictionary(s => s.Key, _ => artifact),
            });
        }, cancel);
        return new(added!.Addition.Release, added.Addition.Build, added.Note, file?.Warnings ?? []);
    }

    private async Task EnsureApp(BuildRequest request, CancellationToken cancel)
    {
        if (await rack.Store.FindApp(request.App, cancel) is { DeletedAt: null }) return;
        try
        {
            var made = new Event { At = time.GetUtcNow(), Kind = EventKind.AppCreated, By = request.By };
            await rack.Store.CreateApp(request.App, made, cancel);
        }
        catch (ProblemException exists) when (exists.Is(ProblemCode.AppExists))
        {
            // Another publish of the same solution was first.
        }
    }

    private async Task MarkFailed(Build build, Exception cause)
    {
        try
        {
            // A write whose answer got lost may have completed it.
            if (await rack.Store.FindBuild(build.App, build.Id, CancellationToken.None) is not { Status: BuildStatus.Running }) return;
            var reason = cause is OperationCanceledException ? "It was cancelled." : cause.Message;
            await rack.Store.SaveBuild(build with { Status = BuildStatus.Failed, Reason = reason, EndedAt = time.GetUtcNow() }, CancellationToken.None);
        }
        catch (Exception unwritten)
        {
            // The caller throws the first cause, which is what a person needs; that it could not be written down goes with it.
            cause.Data["build not marked failed"] = unwritten.Message;
        }
    }
}
