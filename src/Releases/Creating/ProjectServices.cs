namespace Releases;

/// <summary>Finds the services that a project is.</summary>
/// <param name="request">The publish.</param>
internal sealed class ProjectServices(BuildRequest request)
{
    private static readonly ServiceName Web = ServiceName.Parse("web");
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    /// <summary>The project's path relative to the app's folder, with <c>/</c>.</summary>
    public string Project { get; } = Path.GetRelativePath(request.AppFolder, request.ProjectPath).Replace('\\', '/');

    /// <summary>
    /// The service that was asked for, else those whose <c>build</c> names the project (one project can be run in several
    /// ways), else <c>web</c> or <c>worker</c>.
    /// </summary>
    public IReadOnlyList<ServiceName> NamedOrUsual(Manifest? manifest)
    {
        if (request.Service is { } asked) return [asked];
        var named = manifest?.Services.Where(IsNamedBy).Select(s => s.Name).ToList() ?? [];
        return named.Count > 0 ? named : [request.IsWeb ? Web : Worker];
    }

    /// <summary>The same among the services of a convox.yml, which has to have one that fits.</summary>
    public IReadOnlyList<ServiceName> Named(Manifest manifest)
    {
        var found = NamedOrUsual(manifest);
        var service = manifest.Find(found[0]);
        var fits = service is { Image: null } && (request.Service is not null || IsNamedBy(service) || !NamesAProject(service));
        return fits ? found : throw Unfit(found[0], service);
    }

    /// <summary>Refuses to take a service over from another project, unless the manifest says that it is this one.</summary>
    public void RequireOwn(ServiceName name, Manifest manifest, Release? @base)
    {
        var other = @base?.Services.GetValueOrDefault(name)?.Project;
        if (other is null || other == Project || IsNamedBy(manifest.Find(name))) return;
        throw new Problem(
            ProblemCode.ProjectConflict, $"The service '{name}' of {request.App} is the project {other}, so {Project} cannot be it too.",
            $"Set ConvoxService in {Path.GetFileName(request.ProjectPath)} to another name; if the project has moved, name it as 'build' of '{name}' in {ManifestReader.FileName}.",
            Location: new(request.ProjectPath, 1, 1)).ToException();
    }

    /// <summary>By the path of the project file or of its folder.</summary>
    private bool IsNamedBy(Service? service) =>
        service?.Build is { } build && Full(build) is var path
        && (path == Path.GetFullPath(request.ProjectPath) || path == Path.GetDirectoryName(Path.GetFullPath(request.ProjectPath)));

    /// <summary>Whether <c>build</c> means some project, rather than a folder for a Dockerfile as is usual in Convox.</summary>
    private bool NamesAProject(Service service) =>
        service.Build is { } build && Full(build) is var path
        && (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.*proj").Any()));

    private string Full(string build) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(request.AppFolder, build.Replace('\\', '/'))));

    private ProblemException Unfit(ServiceName name, Service? service)
    {
        var file = Path.Combine(request.AppFolder, ManifestReader.FileName);
        var why = service switch
        {
            null => $"{ManifestReader.FileName} has no service '{name}'",
            { Image: not null } => $"the service '{name}' of {ManifestReader.FileName} is an image",
            _ => $"the service '{name}' of {ManifestReader.FileName} is another project",
        };
        return new Problem(
            ProblemCode.Manifest, $"No service is the project {Project}: {why}.",
            $"Name the project as 'build: {Project}' of its service, or set ConvoxService.", Location: new(file, 1, 1)).ToException();
    }
}
