namespace Releases;

/// <summary>Puts together what a release of a build has: its manifest, and for each service of it an artifact.</summary>
/// <param name="request">The publish.</param>
/// <param name="file">The app's convox.yml; null where there is none.</param>
/// <param name="rack">Has the manifests of earlier releases, and knows the images that are there already.</param>
internal sealed class BuildContent(BuildRequest request, ManifestFile? file, Rack rack)
{
    private readonly ProjectServices _project = new(request);

    /// <summary>The services that the project is, before anything is stored; refuses one that convox.yml has no service for.</summary>
    public IReadOnlyList<ServiceName> Services() => file is null ? _project.NamedOrUsual(null) : _project.Named(file.Manifest);

    /// <summary>The manifest's text and its services: the published ones, the others as the base has them.</summary>
    public async Task<(string ManifestText, IReadOnlyDictionary<ServiceName, ReleaseService> Services)> On(
        Release? @base, ReleaseService published, CancellationToken cancel)
    {
        var (text, manifest, own) = file is null
            ? await Generate(@base, cancel)
            : (file.Text, file.Manifest, _project.Named(file.Manifest));
        foreach (var name in own) _project.RequireOwn(name, manifest, @base);
        var services = new Dictionary<ServiceName, ReleaseService>();
        foreach (var service in manifest.Services)
            services[service.Name] = service.Image is { } image ? new() { Artifact = await rack.Artifacts.Pin(image, cancel) }
                : own.Contains(service.Name) ? published with { Project = _project.Project }
                : @base?.Services.GetValueOrDefault(service.Name) ?? new();
        return (text, services);
    }

    private async Task<(string Text, Manifest Manifest, IReadOnlyList<ServiceName> Own)> Generate(Release? @base, CancellationToken cancel)
    {
        var text = @base?.Manifest is { } id ? await rack.Store.ReadManifest(id, cancel) : null;
        var manifest = text is null ? null : Parse(text);
        var own = _project.NamedOrUsual(manifest);
        foreach (var name in own.Where(n => manifest?.Find(n) is null)) text = GeneratedManifest.With(text, name, request.IsWeb);
        return (text!, Parse(text!), own);
    }

    private static Manifest Parse(string text) => ManifestReader.Read(text, ManifestReader.FileName).Require();
}
