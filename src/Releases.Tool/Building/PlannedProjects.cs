namespace Releases.Tool;

/// <summary>Represents the projects that a build publishes and the services that they become, known before anything is compiled.</summary>
/// <param name="call">The command.</param>
/// <param name="options">The build's options.</param>
internal sealed class PlannedProjects(Invocation call, BuildAppOptions options)
{
    private readonly AppSettings _settings = call.Settings;

    /// <summary>Gets the services and their projects.</summary>
    public BuildPlan Plan { get; private set; } = new([], []);

    /// <summary>Gets the projects to publish.</summary>
    public IReadOnlyList<DescribedProject> Projects { get; private set; } = [];

    /// <summary>Gets whether <c>convox.yml</c> names every project, so that no other one is restored.</summary>
    public bool AreNamed { get; private set; }

    /// <summary>Returns what to do when projects can't be restored or read.</summary>
    /// <param name="broke">MSBuild's error.</param>
    /// <param name="areNamed">Whether <c>convox.yml</c> names every project.</param>
    public static string Fix(BuildBrokeException broke, bool areNamed) => "Fix that, then run this again."
        + (areNamed || broke.IsCommandLine
            ? ""
            : $" To restore only what is deployed, name each service's project as 'build' in {ManifestReader.FileName}.");

    /// <summary>Gets the projects without any output, for the checks that precede publishing.</summary>
    public IReadOnlyList<PublishedProject> Unpublished => [.. Projects.Select(p => new PublishedProject(p.Project, "", ""))];

    /// <summary>Writes what MSBuild is to publish.</summary>
    public void WriteTo(BuildFolder folder) => folder.WritePublished(Projects, Output);

    /// <summary>Gets the properties that copy the only program to the requested folder as well.</summary>
    private IReadOnlyList<string> Output => options.Publish.Output is not { } output ? [] :
    [
        $"PublishDir={BuildFolder.Escaped(Path.GetFullPath(output, call.Folder) + Path.DirectorySeparatorChar)}",
        "_CommandLineDefinedOutputPath=true",
    ];

    /// <summary>
    /// Finds and restores the projects and plans what is published. Returns MSBuild's error if they can't be restored; fails if the plan
    /// isn't valid.
    /// </summary>
    public async Task<BuildBrokeException?> Read(AppBuild msbuild, CancellationToken cancel)
    {
        var manifest = await ManifestFile.Read(_settings.Folder, cancel);
        var plan = new PlanBuild(_settings.App, _settings.Folder, manifest);
        AreNamed = plan.NamedProjects().AreAll;
        var files = new AppProjects(_settings.Folder, call.Folder, call.Terminal.Say).Find(plan, isPlanned: manifest is not null);
        IReadOnlyList<DescribedProject> described;
        try
        {
            described = files.Count == 0 ? [] : [.. (await msbuild.Describe(files, cancel)).Where(d => !d.IsHost)];
        }
        catch (BuildBrokeException broke)
        {
            return broke;
        }

        // Only published projects need a framework, and the choice may decide which service a project is.
        var first = plan.Create([.. described.Select(d => d.Project).DistinctBy(p => p.Path)]);
        Projects = new ChooseFramework(options.Publish.Framework, _settings.Folder)
            .Of([.. described.Where(d => first.Projects.Any(p => p.Project.Path == d.Project.Path))]);
        Plan = plan.Create([.. Projects.Select(p => p.Project), .. first.Unmatched]);
        if (options.Publish.Output is not null && Projects.Count > 1)
            throw new Problem(ProblemCode.Usage, $"-o names one folder for {Projects.Count} programs; nothing was built.",
                "Leave -o out: a release doesn't need it.", ProblemKind.Usage).ToException();
        return null;
    }
}
