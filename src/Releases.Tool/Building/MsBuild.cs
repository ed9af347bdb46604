namespace Releases.Tool;

/// <summary>Runs MSBuild on the projects of an app.</summary>
/// <param name="run">Runs the SDK.</param>
/// <param name="appFolder">The app's folder.</param>
/// <param name="extra">The user's MSBuild arguments.</param>
/// <param name="log">Receives each line that MSBuild prints.</param>
internal sealed class MsBuild(RunDotnet run, string appFolder, IReadOnlyList<string> extra, Action<string> log)
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>
    /// Restores projects and describes those that are programs. Restoring comes first, because only then is it known which projects are
    /// tests or tools.
    /// </summary>
    public async Task<IReadOnlyList<DescribedProject>> Describe(BuildFolder folder, IReadOnlyList<string> projects,
        CancellationToken cancel)
    {
        await Do(folder, folder.WriteProjects(projects), ["-restore", "-t:ConvoxDescribe"], NoVariables, cancel);
        return folder.Described();
    }

    /// <summary>
    /// Restores and describes projects, then waits for the folder's gate to open and publishes what the folder states at that time.
    /// </summary>
    public Task DescribeAndPublish(BuildFolder folder, IReadOnlyList<string> projects, CancellationToken cancel) =>
        Do(folder, folder.WriteProjects(projects), ["-restore", "-t:ConvoxBuild"], NoVariables, cancel);

    /// <summary>Publishes what the folder states, with a login for pushing images.</summary>
    public Task Publish(BuildFolder folder, IReadOnlyDictionary<string, string> login, CancellationToken cancel) =>
        Do(folder, folder.Published, ["-t:Publish"], login, cancel);

    /// <summary>
    /// Returns the argument for the app's response file, which MSBuild finds by itself only next to the project that it is started with.
    /// </summary>
    private IReadOnlyList<string> ResponseFile(BuildFolder folder, bool hasLogin)
    {
        for (var at = appFolder; at is not null; at = Path.GetDirectoryName(at))
            if (Path.Combine(at, "Directory.Build.rsp") is var file && File.Exists(file))
                return ["@" + (hasLogin ? folder.WriteResponses(PushLogin.WithoutLogs(file)) : file)];
        return [];
    }

    /// <summary>Returns the user's arguments. With a login, those are left out with which MSBuild writes a log of its own.</summary>
    private IEnumerable<string> Extra(bool hasLogin)
    {
        if (!hasLogin) return extra;
        foreach (var left in extra.Where(PushLogin.IsLog))
            log($"note: {left} is left out of the publish, because its log would have the login of the image registry.");
        return extra.Where(e => !PushLogin.IsLog(e));
    }

    /// <summary>
    /// Returns the arguments that keep compiler servers and MSBuild nodes from outliving the build, because they would keep the login.
    /// </summary>
    private static string[] Alone(IReadOnlyDictionary<string, string> login) =>
        login.Count == 0 ? [] : ["-nodeReuse:false", "-p:UseSharedCompilation=false"];

    private async Task Do(
        BuildFolder folder, string all, IReadOnlyList<string> what, IReadOnlyDictionary<string, string> variables, CancellationToken cancel)
    {
        var errors = new BuildErrors();
        var redactor = PushLogin.Redactor(variables);
        var hasLogin = variables.Count > 0;
        // The first properties are those of `dotnet publish`. No release is made within this build, whatever the project or the user says.
        List<string> arguments =
        [
            "msbuild", all, .. ResponseFile(folder, hasLogin), "-nologo", "-tl:off", "-m", "-v:minimal",
            "-p:_IsPublishing=true", "-p:Configuration=Release",
            .. AppProjects.Solution(appFolder) is null
                ? (string[])[] : [$"-p:SolutionDir={BuildFolder.Escaped(appFolder + Path.DirectorySeparatorChar)}"],
            .. folder.Properties, .. what, .. Extra(hasLogin), "-p:ConvoxRelease=false", "-p:ConvoxPromote=false",
            .. Alone(variables),
        ];
        var ended = await run(new(arguments, appFolder, variables), line =>
        {
            var clean = redactor.Redact(line);
            errors.Look(clean);
            log(clean);
        }, cancel);
        if (ended == 0) return;
        var (text, project) = errors.First;
        throw new BuildBrokeException(text, project is null || folder.Has(project) ? null : project);
    }
}

/// <summary>Runs the SDK, passes on each line that it prints, and returns its exit code.</summary>
internal delegate Task<int> RunDotnet(DotnetRun run, Action<string> line, CancellationToken cancel);

/// <summary>The exception that is thrown when MSBuild reports that something doesn't build.</summary>
/// <param name="error">The first error.</param>
/// <param name="project">The project that the error belongs to, or null if it is unknown.</param>
internal sealed class BuildBrokeException(string error, string? project) : Exception(error)
{
    public string? Project => project;

    /// <summary>Gets whether MSBuild refused its command line, such as an unknown option, before it read any project.</summary>
    public bool IsCommandLine => Message.Contains("error MSB10", StringComparison.Ordinal);
}
