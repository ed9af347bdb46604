namespace Releases;

/// <summary>Represents the projects that a build of a whole app publishes, known before anything is compiled.</summary>
/// <param name="Projects">The projects, each with the services it provides.</param>
/// <param name="Unmatched">Programs that match no service of <c>convox.yml</c>.</param>
public sealed record BuildPlan(IReadOnlyList<PlannedProject> Projects, IReadOnlyList<AppProject> Unmatched);

/// <summary>Represents a project that is published.</summary>
/// <param name="Project">The project.</param>
/// <param name="Path">Its path relative to the app's folder, with <c>/</c> as the separator.</param>
/// <param name="Services">The services it provides, sorted.</param>
public sealed record PlannedProject(AppProject Project, string Path, IReadOnlyList<ServiceName> Services);

/// <summary>Plans a build of every service of an app.</summary>
/// <param name="app">The app.</param>
/// <param name="folder">The absolute path of its folder.</param>
/// <param name="file">Its <c>convox.yml</c>, or null if there is none.</param>
public sealed class PlanBuild(AppName app, string folder, ManifestFile? file)
{
    /// <summary>
    /// Returns the project files that <c>convox.yml</c> names, and whether they cover every service that has to be published.
    /// </summary>
    public (IReadOnlyList<string> Files, bool AreAll) NamedProjects()
    {
        if (file is null) return ([], false);
        var nowhere = file.Manifest.Services.Where(s => s.Build is { } build && !Path.Exists(ProjectFiles.FullPath(build, folder)))
            .ToList();
        if (nowhere.Count > 0)
            throw new ProblemException(
                [.. nowhere.Select(s => new Problem(
                    ProblemCode.Manifest, $"'build' of {s.Name} is '{s.Build}', which doesn't exist.",
                    "Set it to the project's folder or file.", Location: file.LocationOf(s.Name, folder)))]);
        var named = file.Manifest.Services.Where(s => s.Image is null).Select(s => ProjectFiles.NamedBy(s, folder)).ToList();
        return ([.. named.SelectMany(n => n).Distinct(StringComparer.Ordinal)], named.TrueForAll(n => n.Count > 0));
    }

    /// <summary>
    /// Creates the plan. Without a <c>convox.yml</c>, every program is a service; with one, only those it lists are. Fails with
    /// <see cref="ProblemCode.ProjectConflict"/> if two projects provide the same service, and with <see cref="ProblemCode.Manifest"/> if a
    /// service has no project.
    /// </summary>
    /// <param name="programs">The projects that produce a program.</param>
    public BuildPlan Create(IReadOnlyList<AppProject> programs)
    {
        var (matched, unmatched) = new ServiceAssignment(app, folder, file, programs).Split();
        var claims = new ServiceAssignment(app, folder, file, matched).Assign(file?.Manifest);
        var missing = file?.Manifest.Services.Where(s => s.Image is null && !claims.ContainsKey(s.Name)).Select(s => s.Name).ToList() ?? [];
        if (missing.Count > 0)
            throw new Problem(
                ProblemCode.Manifest, $"no project found for {string.Join(", ", missing)}.",
                $"Set 'build' of each in {ManifestReader.FileName} to its project's folder or file.",
                Location: file!.LocationOf(missing[0], folder)).ToException();
        if (file is null && claims.Count == 0)
            throw new Problem(
                ProblemCode.BuildFailed,
                "no project here is a program to deploy, only a library, a test, a tool or pages that run in a browser.",
                "Go to the app's folder, or create a project: dotnet new web", Unchanged: Problem.NothingChanged).ToException();
        return new([.. claims.GroupBy(c => c.Value, c => c.Key).Select(c => new PlannedProject(c.Key.Project, c.Key.Path, [.. c.Order()]))],
            unmatched);
    }
}
