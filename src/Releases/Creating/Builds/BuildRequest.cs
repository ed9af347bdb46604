namespace Releases;

/// <summary>Published projects that are to become one build and one release.</summary>
/// <param name="App">The app; made where it is missing.</param>
/// <param name="AppFolder">The app's folder, absolute.</param>
/// <param name="Projects">What was published; none: the services are images.</param>
/// <param name="Description">What the user says about it; null: git says it.</param>
/// <param name="From">The base: <c>active</c>, <c>latest</c>, an id or a number; null: the latest.</param>
/// <param name="By">Who.</param>
public sealed record BuildRequest(
    AppName App, string AppFolder, IReadOnlyList<PublishedProject> Projects, string? Description, string? From, string By)
{
    /// <summary>The build's id, where it had to be known before, as it names the image.</summary>
    public BuildId Build { get; init; } = BuildId.New();

    /// <summary>Where it is built from; null: unknown.</summary>
    public AppSource? Source { get; init; }

    /// <summary>Whether the app was named; else its name is that of its folder.</summary>
    public bool IsAppStated { get; init; } = true;

    /// <summary>
    /// Whether content that the base, the latest or the active release, has already makes no release: the build is then one of the base.
    /// </summary>
    public bool OnlyIfChanged { get; init; }

    /// <summary>The version of the SDK that built it; null: unknown.</summary>
    public string? Sdk { get; init; }

    /// <summary>The address of the CI's run that it is part of; null: none.</summary>
    public string? Run { get; init; }

    /// <summary>The oldest release that can be rolled back to once this one is active; null: as <c>convox.yml</c> and the base
    /// state.</summary>
    public ReleaseReference? BreaksBefore { get; init; }

    /// <summary>Looks at whether an app is this folder's own.</summary>
    internal void RequireOwn(App app)
    {
        if (!IsAppStated) app.RequireFrom(Source);
    }

    /// <summary>The folder whose commit the build is of.</summary>
    internal string SourceFolder => Projects is [{ Project.Path: var only }] ? Path.GetDirectoryName(only)! : AppFolder;
}

/// <summary>A project of an app.</summary>
/// <param name="Path">The project file, absolute.</param>
/// <param name="Service">The service that it says it is (<c>ConvoxService</c>); null: chosen by the manifest and the kind of
/// project.</param>
/// <param name="IsWeb">Whether it uses the Web SDK.</param>
public sealed record AppProject(string Path, ServiceName? Service, bool IsWeb);

/// <summary>A project that was published.</summary>
/// <param name="Project">The project.</param>
/// <param name="Folder">What was published, absolute.</param>
/// <param name="AssemblyName">The name of the program without extension.</param>
public sealed record PublishedProject(AppProject Project, string Folder, string AssemblyName)
{
    /// <summary>The image that was pushed; null: the publish folder is the artifact.</summary>
    public Artifact? Image { get; init; }

    /// <summary>
    /// What lists its dependencies where the folder has no <c>.deps.json</c>: that of the build, or what NuGet restored
    /// (<c>project.assets.json</c>); null: nothing.
    /// </summary>
    public string? DependenciesFile { get; init; }

    /// <summary>The build's <c>.runtimeconfig.json</c>, which names its shared frameworks where the folder has none; null: it has
    /// none.</summary>
    public string? RuntimeConfigFile { get; init; }
}

/// <summary>A release that was made, or of unchanged content the one that has it already.</summary>
/// <param name="Release">The release.</param>
/// <param name="Build">The build, where there is one.</param>
/// <param name="Note">Where latest and active differ: a sentence that names both.</param>
/// <param name="Warnings">What the manifest has that is ignored.</param>
public sealed record CreatedRelease(Release Release, Build? Build, string? Note, IReadOnlyList<Problem> Warnings)
{
    /// <summary>Whether the release was there before and has the same content.</summary>
    public bool IsUnchanged { get; init; }
}
