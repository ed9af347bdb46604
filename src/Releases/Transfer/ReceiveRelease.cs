namespace Releases;

/// <summary>
/// Creates a build and a release from artifacts that were built elsewhere. The app is created if it doesn't exist; its own environment
/// applies. The release is added in one write after every artifact is stored, so it is added completely or not at all.
/// </summary>
/// <param name="context">The context of the receiving rack.</param>
internal sealed class ReceiveRelease(OperationContext context)
{
    /// <summary>Creates the build and the release. If the latest release already is the same copy, it is returned instead.</summary>
    /// <param name="app">The app that receives the release.</param>
    /// <param name="portable">The release.</param>
    /// <param name="open">Opens the content of one of its artifacts, or returns null if it is only referenced.</param>
    /// <param name="cancel">Cancels the operation.</param>
    public async Task<CreatedRelease> Run(
        AppName app, PortableRelease portable, Func<PortableService, CancellationToken, Task<IArtifactContent?>> open,
        CancellationToken cancel)
    {
        RequireKind(portable);
        var manifest = ManifestReader.ReadStored(portable.Manifest, $"the manifest of v{portable.Origin.Number}").Require();
        if (context.Rack.CheckExtensions(manifest) is { Count: > 0 } wrong) throw new ProblemException(wrong);
        var by = await context.By(cancel);
        if (await context.Store.FindApp(app, cancel) is not { DeletedAt: null })
            await EnsuredApp.Create(context.Store, app, context.Now, by, cancel);
        else if (Same(await ReleaseBase.Read(context.Store, app, null, cancel), portable) is { } same)
            return new(same, null, Note: null, []) { IsUnchanged = true };

        var build = new Build
        {
            Id = BuildId.New(),
            App = app,
            Status = BuildStatus.Running,
            Commit = portable.Origin.Commit,
            Description = KeptOutput.Reason(Description(portable)),
            Origin = portable.Origin,
            StartedAt = context.Now,
            StartedBy = by,
        };
        await context.Store.SaveBuild(build, cancel);
        var running = new RunningBuild(context.Store, context.Time);
        try
        {
            return await running.WithHeartbeat(build,
                async () => await Add(
                    build, portable, portable.Oldest ?? manifest.Oldest, await Store(build, portable, open, cancel), cancel));
        }
        catch (Exception cause)
        {
            await running.MarkFailed(build, cause);
            throw;
        }
    }

    /// <summary>Checked before anything is created.</summary>
    private void RequireKind(PortableRelease portable)
    {
        var kept = context.Rack.Artifacts.Kind;
        foreach (var other in portable.Kinds.Where(k => k != kept))
            throw KindMismatch.Create($"{portable.Origin}", other, context.Rack.Address, kept).ToException();
    }

    private static Release? Same(ReleaseBase from, PortableRelease portable)
    {
        var latest = from.Base;
        return latest?.Origin is { } origin
            && (origin.Rack, origin.App, origin.Release) == (portable.Origin.Rack, portable.Origin.App, portable.Origin.Release)
            && latest.Services.Count == portable.Services.Count
            && portable.Services.All(s => latest.Services.GetValueOrDefault(s.Key)?.Artifact?.Digest == s.Value.Artifact.Digest)
            ? latest : null;
    }

    /// <summary>Stores each artifact once, even if several services share it.</summary>
    private async Task<IReadOnlyDictionary<string, Artifact>> Store(
        Build build, PortableRelease portable, Func<PortableService, CancellationToken, Task<IArtifactContent?>> open,
        CancellationToken cancel)
    {
        var stored = new Dictionary<string, Artifact>(StringComparer.Ordinal);
        foreach (var (name, service) in portable.Services.OrderBy(s => s.Key))
        {
            if (stored.ContainsKey(service.Artifact.Digest)) continue;
            await using var content = await open(service, cancel);
            stored[service.Artifact.Digest] = content is null ? service.Artifact
                : await context.Rack.Artifacts.Receive(new(build.App, name, build.Id, service.Artifact, content), cancel);
        }

        return stored;
    }

    private async Task<CreatedRelease> Add(
        Build build, PortableRelease portable, long? oldest, IReadOnlyDictionary<string, Artifact> stored, CancellationToken cancel)
    {
        var services = portable.Services.ToDictionary(s => s.Key, s => new ReleaseService
        {
            Artifact = stored[s.Value.Artifact.Digest],
            Build = build.Id,
            BuildDescription = s.Value.BuildDescription,
            Commit = s.Value.Commit,
            Project = s.Value.Project,
            Evidence = s.Value.Evidence,
        });
        Release? same = null;
        var added = await new AppendRelease(context.Store, context.Time).Run(build.App, null, async from =>
        {
            // Someone else may have copied the same release in the meantime.
            same = Same(from, portable);
            if (same is not null) return null;
            var limit = oldest is { } number
                ? await CopiedLimit.Read(context.Store, from.App, portable.Origin, number, cancel) : (long?)null;
            var release = from.Next(Description(portable), context.Now, build.StartedBy) with
            {
                Services = services,
                Manifest = ManifestId.Of(portable.Manifest),
                Build = build.Id,
                Commit = build.Commit,
                Origin = portable.Origin,
                Oldest = new[] { from.Base?.Oldest, limit }.Max(),
            };
            return from.Addition(release, portable.Manifest, documents: portable.Documents,
                build: build with
                {
                    Status = BuildStatus.Complete,
                    Release = release.Id,
                    EndedAt = release.CreatedAt,
                    Artifacts = services.ToDictionary(s => s.Key, s => s.Value.Artifact!),
                });
        }, cancel);
        if (added is not null) return new(added.Addition.Release, added.Addition.Build, Note: null, []);
        await context.Store.SaveBuild(build with { Status = BuildStatus.Complete, Release = same!.Id, EndedAt = context.Now }, cancel);
        return new(same, null, Note: null, []) { IsUnchanged = true };
    }

    private static string Description(PortableRelease portable) =>
        $"copy of {portable.Origin.Release}" + (portable.Description.Length > 0 ? $": {portable.Description}" : "");
}
