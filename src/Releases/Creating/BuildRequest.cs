namespace Releases;

/// <summary>A publish that is to become a build and a release.</summary>
/// <param name="App">The app; made where it is missing.</param>
/// <param name="AppFolder">The app's folder, absolute.</param>
/// <param name="Service">The service that the project is; null: chosen by the manifest and the kind of project.</param>
/// <param name="ProjectPath">The project file, absolute.</param>
/// <param name="IsWeb">Whether the project uses the Web SDK.</param>
/// <param name="PublishFolder">What was published, absolute.</param>
/// <param name="AssemblyName">The name of the program without extension.</param>
/// <param name="Description">What the person says about it; null: git says it.</param>
/// <param name="From">The base: <c>active</c>, <c>latest</c>, an id or a number; null: the latest.</param>
/// <param name="By">Who.</param>
public sealed record BuildRequest(
    AppName App, string AppFolder, ServiceName? Service, string ProjectPath, bool IsWeb, string PublishFolder, string AssemblyName,
    string? Description, string? From, string By)
{
    /// <summary>The build's id, where it had to be known before, as it names the image.</summary>
    public BuildId Build { get; init; } = BuildId.New();

    /// <summary>The image that was pushed; null: the publish folder is the artifact.</summary>
    public Artifact? Image { get; init; }
}

/// <summary>A release that was made.</summary>
/// <param name="Release">The release.</param>
/// <param name="Build">The build, where there is one.</param>
/// <param name="Note">Where latest and active differ: a sentence that names both.</param>
/// <param name="Warnings">What the manifest has that is ignored.</param>
public sealed record CreatedRelease(Release Release, Build? Build, string? Note, IReadOnlyList<Problem> Warnings);
