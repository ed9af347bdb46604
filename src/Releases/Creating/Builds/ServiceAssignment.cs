namespace Releases;

/// <summary>Assigns the projects of an app to its services.</summary>
/// <param name="app">The app.</param>
/// <param name="folder">The absolute path of the app's folder.</param>
/// <param name="file">Its convox.yml, or null if there is none.</param>
/// <param name="projects">The projects.</param>
internal sealed class ServiceAssignment(AppName app, string folder, ManifestFile? file, IReadOnlyList<AppProject> projects)
{
    private readonly IReadOnlyList<ProjectServices> _projects = [.. projects.Select(p => new ProjectServices(app, folder, p))];

    /// <summary>
    /// Returns each service with its project. Fails if convox.yml has no service for a project, or if two projects provide the same
    /// service.
    /// </summary>
    /// <param name="manifest">The existing services, or null if there are none yet.</param>
    public IReadOnlyDictionary<ServiceName, ProjectServices> Assign(Manifest? manifest)
    {
        var claims = new Dictionary<ServiceName, ProjectServices>();
        foreach (var project in _projects)
            foreach (var name in file is null ? project.NamedOrUsual(manifest) : project.Named(file.Manifest))
                if (!claims.TryAdd(name, project)) throw project.Conflict(name, claims[name].Path, isUnnamed: file is null);
        return claims;
    }

    /// <summary>Splits the projects into those that convox.yml has a service for and the others.</summary>
    public (IReadOnlyList<AppProject> Matched, IReadOnlyList<AppProject> Unmatched) Split()
    {
        var fits = _projects.ToLookup(p => file is null || p.Fits(file.Manifest), p => p.Project);
        return ([.. fits[true]], [.. fits[false]]);
    }
}
