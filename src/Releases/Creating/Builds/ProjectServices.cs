namespace Releases;

/// <summary>Finds the services that a project provides.</summary>
/// <param name="app">The app.</param>
/// <param name="folder">The absolute path of the app's folder.</param>
/// <param name="project">The project.</param>
internal sealed class ProjectServices(AppName app, string folder, AppProject project)
{
    private static readonly ServiceName Web = ServiceName.Parse("web");
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    public AppProject Project => project;

    /// <summary>The project's path relative to the app's folder, with <c>/</c> as the separator.</summary>
    public string Path { get; } = System.IO.Path.GetRelativePath(folder, project.Path).Replace('\\', '/');

    /// <summary>
    /// Returns the service that the project names, else those whose <c>build</c> names the project (one project can run in several ways),
    /// else <c>web</c> or <c>worker</c>.
    /// </summary>
    public IReadOnlyList<ServiceName> NamedOrUsual(Manifest? manifest)
    {
        if (project.Service is { } asked) return [asked];
        var named = manifest?.Services.Where(IsNamedBy).Select(s => s.Name).ToList() ?? [];
        return named.Count > 0 ? named : [project.IsWeb ? Web : Worker];
    }

    /// <summary>Returns the services as <see cref="NamedOrUsual"/> does, and fails if convox.yml has no service that fits.</summary>
    public IReadOnlyList<ServiceName> Named(Manifest manifest)
    {
        var found = NamedOrUsual(manifest);
        return Fits(manifest) ? found : throw Unfit(found[0], manifest.Find(found[0]));
    }

    /// <summary>Determines whether convox.yml has a service that the project can provide.</summary>
    public bool Fits(Manifest manifest) =>
        manifest.Find(NamedOrUsual(manifest)[0]) is { Image: null } service
        && (project.Service is not null || IsNamedBy(service) || ProjectFiles.MayMean(service, project.Path, folder));

    /// <summary>
    /// Fails if another project provides the service in the base, unless the manifest assigns the service to this project.
    /// </summary>
    public void RequireOwn(ServiceName name, Manifest manifest, Release? @base)
    {
        var other = @base?.Services.GetValueOrDefault(name)?.Project;
        if (other is not null && other != Path && !IsNamedBy(manifest.Find(name))) throw Conflict(name, other);
    }

    /// <summary>Creates the failure for a service that another project already provides.</summary>
    /// <param name="name">The service.</param>
    /// <param name="other">The other project.</param>
    /// <param name="isUnnamed">Whether there is no convox.yml yet that names the services.</param>
    public ProblemException Conflict(ServiceName name, string other, bool isUnnamed = false) => new Problem(
        ProblemCode.ProjectConflict, $"the service '{name}' of {app} is the project {other}, so it can't also be {Path}.",
        isUnnamed ? Remedy.Do(Operation.InitializeProject,
            $"{SetAnotherName}, or write a {ManifestReader.FileName} that names the services")
        : $"{SetAnotherName}. If the project has moved, set 'build' of '{name}' in {ManifestReader.FileName} to its new path.",
        Location: new(project.Path, 1, 1)).ToException();

    private string SetAnotherName => $"Set ConvoxService in {System.IO.Path.GetFileName(project.Path)} to another name";

    /// <summary>Matches the path of the project file or of its folder.</summary>
    private bool IsNamedBy(Service? service) =>
        service?.Build is { } build && ProjectFiles.FullPath(build, folder) is var path
        && System.IO.Path.GetFullPath(project.Path) is var own && (path == own || path == System.IO.Path.GetDirectoryName(own));

    private ProblemException Unfit(ServiceName name, Service? service)
    {
        var file = System.IO.Path.Combine(folder, ManifestReader.FileName);
        var why = service switch
        {
            null => $"{ManifestReader.FileName} has no service '{name}'",
            { Image: not null } => $"the service '{name}' of {ManifestReader.FileName} is an image",
            _ => $"the service '{name}' of {ManifestReader.FileName} is another project",
        };
        return new Problem(
            ProblemCode.Manifest, $"no service runs the project {Path}: {why}.",
            $"Set 'build: {Path}' on its service, or set ConvoxService.", Location: new(file, 1, 1)).ToException();
    }
}
