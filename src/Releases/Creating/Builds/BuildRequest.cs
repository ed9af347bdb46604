namespace Releases;

/// <summary>Represents published projects that become one build and one release.</summary>
/// <param name="App">The app; created if it doesn't exist.</param>
/// <param name="AppFolder">The absolute path of the app's folder.</param>
/// <param name="Projects">The published projects; empty if all services are images.</param>
/// <param name="Description">The user's description, or null to take it from git.</param>
/// <param name="From">The base: <c>active</c>, <c>latest</c>, an id or a number; the latest if null.</param>
/// <param name="By">Who requested the build.</param>
public sealed record BuildRequest(
    AppName App, string AppFolder, IReadOnlyList<PublishedProject> Projects, string? Description, string? From, string By)
{
    /// <summary>The build's id. It is set in advance when the id is part of the image's name.</summary>
    public BuildId Build { get; init; } = BuildId.New();

    /// <summary>The source that it is built from, or null if unknown.</summary>
    public AppSource? Source { get; init; }

    /// <summary>Whether the app's name was given; otherwise it is derived from the folder's name.</summary>
    public bool IsAppStated { get; init; } = true;

    /// <summary>Receives the warnings before the build is complete, or null if the created release is enough.</summary>
    public Func<IReadOnlyList<Problem>, Task>? Warned { get; init; }

    /// <summary>
    /// Whether to reuse the base instead of making a release when the base is the latest or the active release and has the same content.
    /// </summary>
    public bool OnlyIfChanged { get; init; }

    /// <summary>The version of the SDK that built it, or null if unknown.</summary>
    public string? Sdk { get; init; }

    /// <summary>The address of the CI run that it is part of, or null if there is none.</summary>
    public string? Run { get; init; }

    /// <summary>
    /// The oldest release that can be rolled back to once this one is active; if null, as <c>convox.yml</c> and the base state.
    /// </summary>
    public ReleaseReference? BreaksBefore { get; init; }

    /// <summary>Requires that an app whose name wasn't given comes from this folder.</summary>
    internal void RequireOwn(App app)
    {
        if (!IsAppStated) app.RequireFrom(Source);
    }

    /// <summary>The folder whose commit is recorded for the build.</summary>
    internal string SourceFolder => Projects is [{ Project.Path: var only }] ? Path.GetDirectoryName(only)! : AppFolder;
}

/// <summary>Represents a project of an app.</summary>
/// <param name="Path">The absolute path of the project file.</param>
/// <param name="Service">
/// The service that the project names (<c>ConvoxService</c>); if null, the manifest and the kind of project decide.
/// </param>
/// <param name="IsWeb">Whether it uses the Web SDK.</param>
public sealed record AppProject(string Path, ServiceName? Service, bool IsWeb);

/// <summary>Represents a project that was published.</summary>
/// <param name="Project">The project.</param>
/// <param name="Folder">The absolute path of the publish folder.</param>
/// <param name="AssemblyName">The name of the program, without its extension.</param>
public sealed record PublishedProject(AppProject Project, string Folder, string AssemblyName)
{
    /// <summary>The image that was pushed, or null if the publish folder is the artifact.</summary>
    public Artifact? Image { get; init; }

    /// <summary>
    /// The file that lists the dependencies if the folder has no <c>.deps.json</c>: the one of the build, or what NuGet restored
    /// (<c>project.assets.json</c>). Null if there is none.
    /// </summary>
    public string? DependenciesFile { get; init; }

    /// <summary>
    /// The build's <c>.runtimeconfig.json</c>, which names the shared frameworks if the folder has none; null if there is none.
    /// </summary>
    public string? RuntimeConfigFile { get; init; }
}

/// <summary>Represents a release that was made, or the existing release with the same content.</summary>
/// <param name="Release">The release.</param>
/// <param name="Build">The build, if there is one.</param>
/// <param name="Note">A sentence that names both the latest and the active release, if they differ.</param>
/// <param name="Warnings">Warnings about the build, its evidence and the settings of the manifest that are ignored.</param>
public sealed record CreatedRelease(Release Release, Build? Build, string? Note, IReadOnlyList<Problem> Warnings)
{
    /// <summary>Whether the release existed before with the same content.</summary>
    public bool IsUnchanged { get; init; }
}
