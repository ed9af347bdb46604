namespace Releases.Tool;

/// <summary>The projects that a build publishes, and as what: known before anything is compiled.</summary>
/// <param name="call">The command.</param>
/// <param name="options">How the build is wanted.</param>
internal sealed class PlannedProjects(Invocation call, BuildAppOptions options)
{
    private readonly AppSettings _settings = call.Settings;

    /// <summary>The services and their projects.</summary>
    public BuildPlan Plan { get; private set; } = new([], []);

    /// <summary>The projects that are published.</summary>
    public IReadOnlyList<DescribedProject> Projects { get; private set; } = [];

    /// <summary>The same, for what is checked before.</summary>
    public IReadOnlyList<PublishedProject> Unpublished => [.. Projects.Select(p => new PublishedProject(p.Project, "", ""))];

    /// <summary>Writes for MSBuild what it is to publish.</summary>
    public void WriteTo(BuildFolder folder) =>
        folder.WritePublished(Projects.Select(p => new BuiltProject(p.Project.Path, p.Framework)), Output);

    /// <summary>Where the one program is to be as well.</summary>
    private IReadOnlyList<string> Output => options.Publish.Output is not { } output ? [] :
    [
        $"PublishDir={BuildFolder.Escaped(Path.GetFullPath(output, call.Folder) + Path.DirectorySeparatorChar)}",
        "_CommandLineDefinedOutputPath=true",
    ];

    /// <summary>Finds and restores them, and plans what is published; refuses what cannot be. Gives what MSBuild refused.</summary>
    public async Task<BuildBrokeException?> Read(AppBuild msbuild, CancellationToken cancel)
    {
        var manifest = await ManifestFile.Read(_settings.Folder, cancel);
        var plan = new PlanBuild(_settings.App, _settings.Folder, manifest);
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

        // Only of what is published has the framework to be chosen; which service a project is may depend on it.
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
