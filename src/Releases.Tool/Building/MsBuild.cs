namespace Releases.Tool;

/// <summary>Runs MSBuild on the projects of an app.</summary>
/// <param name="run">Runs the SDK.</param>
/// <param name="appFolder">The app's folder.</param>
/// <param name="extra">MSBuild arguments that the user gave.</param>
/// <param name="log">Takes what MSBuild prints.</param>
internal sealed class MsBuild(RunDotnet run, string appFolder, IReadOnlyList<string> extra, Action<string> log)
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>Restores projects, as what tests and tools are shows only then, and describes those that are programs.</summary>
    public async Task<IReadOnlyList<DescribedProject>> Describe(BuildFolder folder, IReadOnlyList<string> projects,
        CancellationToken cancel)
    {
        await Do(folder, folder.WriteProjects(projects), ["-restore", "-t:ConvoxDescribe"], NoVariables, cancel);
        return folder.Described();
    }

    /// <summary>The same, and then, when the folder's gate opens, publishes what the folder says by then.</summary>
    public Task DescribeAndPublish(BuildFolder folder, IReadOnlyList<string> projects, CancellationToken cancel) =>
        Do(folder, folder.WriteProjects(projects), ["-restore", "-t:ConvoxBuild"], NoVariables, cancel);

    /// <summary>Publishes what the folder says, with a login for what the projects push.</summary>
    public Task Publish(BuildFolder folder, IReadOnlyDictionary<string, string> login, CancellationToken cancel) =>
        Do(folder, folder.Published, ["-t:Publish", .. Alone(login)], login, cancel);

    /// <summary>What MSBuild reads by itself only next to the project that it is started with.</summary>
    private IReadOnlyList<string> ResponseFile()
    {
        for (var at = appFolder; at is not null; at = Path.GetDirectoryName(at))
            if (Path.Combine(at, "Directory.Build.rsp") is var file && File.Exists(file)) return ["@" + file];
        return [];
    }

    /// <summary>What would keep running after the build must not keep its login.</summary>
    private static string[] Alone(IReadOnlyDictionary<string, string> login) =>
        login.Count == 0 ? [] : ["-nodeReuse:false", "-p:UseSharedCompilation=false"];

    private async Task Do(
        BuildFolder folder, string all, IReadOnlyList<string> what, IReadOnlyDictionary<string, string> variables, CancellationToken cancel)
    {
        var errors = new BuildErrors();
        // As `dotnet publish` does it; a project that says of itself to release must not do so here.
        List<string> arguments =
        [
            "msbuild", all, .. ResponseFile(), "-nologo", "-tl:off", "-m", "-v:minimal",
            "-p:_IsPublishing=true", "-p:Configuration=Release", "-p:ConvoxRelease=false", "-p:ConvoxPromote=false",
            .. AppProjects.Solution(appFolder) is null
                ? (string[])[] : [$"-p:SolutionDir={BuildFolder.Escaped(appFolder + Path.DirectorySeparatorChar)}"],
            .. folder.Properties, .. what, .. extra,
        ];
        var ended = await run(new(arguments, appFolder, variables), line =>
        {
            errors.Look(line);
            log(line);
        }, cancel);
        if (ended == 0) return;
        var (text, project) = errors.First;
        throw new BuildBrokeException(text, project is null || folder.Has(project) ? null : project);
    }
}

/// <summary>Runs the SDK, hands over each line that it prints, and gives its exit code.</summary>
internal delegate Task<int> RunDotnet(DotnetRun run, Action<string> line, CancellationToken cancel);

/// <summary>MSBuild has said that something does not build.</summary>
/// <param name="error">The first error.</param>
/// <param name="project">The project that it is of; null: unknown.</param>
internal sealed class BuildBrokeException(string error, string? project) : Exception(error)
{
    public string? Project => project;
}
