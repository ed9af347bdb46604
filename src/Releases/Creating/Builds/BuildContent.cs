namespace Releases;

/// <summary>Composes the content of a build's release: its manifest, and an artifact for each service in it.</summary>
/// <param name="request">The published projects and their build.</param>
/// <param name="file">The app's convox.yml, or null if there is none.</param>
/// <param name="rack">The rack, which has the manifests of earlier releases and resolves existing images.</param>
internal sealed class BuildContent(BuildRequest request, ManifestFile? file, Rack rack)
{
    private readonly ServiceAssignment _assignment = new(request.App, request.AppFolder, file,
        [.. request.Projects.Select(p => p.Project)]);

    /// <summary>
    /// Returns the services that the projects provide, before anything is stored. Fails if convox.yml has no service for a project.
    /// </summary>
    public IReadOnlyCollection<ServiceName> Services() => [.. _assignment.Assign(file?.Manifest).Keys];

    /// <summary>Returns warnings about convox.yml: settings that are ignored, and omissions that aren't errors.</summary>
    public IReadOnlyList<Problem> Warnings() => file is null ? [] :
    [
        .. rack.Daemon is null ? file.Warnings.Except(file.WarningsOfLocalRack) : file.Warnings,
        // A service with a command of its own may be a job or a worker of the same project.
        .. _assignment.Assign(file.Manifest)
            .Where(c => c.Value.Project.IsWeb && file.Manifest.Find(c.Key) is { Port: null, Command: null })
            .Select(c => WithoutPort(c.Key)),
    ];

    /// <summary>Returns the manifest's text and its services: published ones from this build, the others as in the base.</summary>
    public async Task<(string ManifestText, IReadOnlyDictionary<ServiceName, ReleaseService> Services)> Compose(
        Release? @base, IReadOnlyDictionary<AppProject, ReleaseService> published, CancellationToken cancel)
    {
        var (text, manifest, own) = await Claim(@base, cancel);
        var services = new Dictionary<ServiceName, ReleaseService>();
        foreach (var service in manifest.Services)
            services[service.Name] = service.Image is { } image ? new() { Artifact = await rack.Artifacts.Pin(image, cancel) }
                : own.TryGetValue(service.Name, out var project) ? published[project.Project] with { Project = project.Path }
                : @base?.Services.GetValueOrDefault(service.Name) ?? new();
        return (text, services);
    }

    /// <summary>
    /// Returns the number of the oldest release that can be rolled back to from the next release: the newest of those stated by the build,
    /// by convox.yml and by the base. Fails with <see cref="ProblemCode.BreaksBefore"/> if that release doesn't exist yet.
    /// </summary>
    public async Task<long?> Oldest(ReleaseBase from, CancellationToken cancel)
    {
        var number = from.App.LastNumber + 1;
        long? stated = request.BreaksBefore is not { } named ? null
            : named.Number ?? (await rack.Store.RequireRelease(request.App, named, cancel)).Number;
        RollbackLimit.RequireMade(stated, number);
        // Each rack numbers its own releases: if the stated one doesn't exist here yet, every older release is out of reach.
        var ofFile = file?.Manifest.Oldest is { } oldest ? Math.Min(oldest, number) : (long?)null;
        return new[] { stated, ofFile, from.Base?.Oldest }.Max();
    }

    /// <summary>Performs the checks of <see cref="Compose"/> on the projects before any of them is built.</summary>
    public Task Check(Release? @base, CancellationToken cancel) => Claim(@base, cancel);

    private async Task<(string Text, Manifest Manifest, IReadOnlyDictionary<ServiceName, ProjectServices> Own)> Claim(
        Release? @base, CancellationToken cancel)
    {
        var (text, manifest) = file is null ? await Generate(@base, cancel) : (file.Text, file.Manifest);
        if (file is not null && rack.CheckExtensions(manifest) is { Count: > 0 } wrong) throw new ProblemException(wrong);
        var own = _assignment.Assign(manifest);
        foreach (var (name, project) in own) project.RequireOwn(name, manifest, @base);
        return (text, manifest, own);
    }

    private async Task<(string Text, Manifest Manifest)> Generate(Release? @base, CancellationToken cancel)
    {
        var text = @base?.Manifest is { } id ? await rack.Store.ReadManifest(id, cancel) : null;
        var manifest = text is null ? null : Parse(text);
        foreach (var (name, project) in _assignment.Assign(manifest).Where(c => manifest?.Find(c.Key) is null))
            text = GeneratedManifest.With(text, name, project.Project.IsWeb);
        return (text!, Parse(text!));
    }

    /// <summary>
    /// Kestrel's default port is the same for every process, so processes that run side by side during a rollout collide.
    /// </summary>
    private static Problem WithoutPort(ServiceName service) => new(
        ProblemCode.Manifest,
        $"{service} is a web project without a port: it gets no address, and all its processes listen on Kestrel's default port.",
        $"Add one to {ManifestReader.FileName}, for example: services: {{ {service}: {{ port: 8080 }} }}");

    private static Manifest Parse(string text) => ManifestReader.Read(text, ManifestReader.FileName).Require();
}
