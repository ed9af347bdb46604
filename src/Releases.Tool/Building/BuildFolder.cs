using System.Reflection;
using System.Security;
using Releases.Local;

namespace Releases.Tool;

/// <summary>
/// Represents a temporary folder through which the tool and MSBuild communicate: it holds what MSBuild is to do and the facts that MSBuild
/// reports.
/// </summary>
internal sealed class BuildFolder : IDisposable
{
    private const string ImageTargets = "images.targets";

    private readonly HeldFolder _folder;
    private readonly string _path;

    /// <param name="time">The clock.</param>
    /// <param name="app">The folder of the app.</param>
    public BuildFolder(TimeProvider time, string app)
    {
        HeldFolder.Sweep([Path.GetTempPath()], HeldFolder.Build, time);
        _folder = HeldFolder.Make([Path.GetTempPath()], HeldFolder.Build);
        _path = _folder.Path + Path.DirectorySeparatorChar;
        SearchBoundary.WriteTo(_path, app);
        WriteTargets("build.targets");
        WriteTargets("staging.targets");
    }

    /// <summary>Gets the targets file that every project imports.</summary>
    private string Targets => _path + "build.targets";

    /// <summary>
    /// Gets the global properties that make MSBuild use this folder. They import its targets at the extension points that projects
    /// themselves use least.
    /// </summary>
    public IReadOnlyList<string> Properties =>
    [
        $"-p:ConvoxBuildFolder={Escaped(_path)}",
        $"-p:CustomAfterDirectoryBuildTargets={Escaped(Targets)}",
        $"-p:CustomAfterMicrosoftCommonCrossTargetingTargets={Escaped(Targets)}",
    ];

    /// <summary>
    /// Gets the socket at which MSBuild waits, after describing the projects, until <see cref="WritePublished"/> has written what to
    /// publish.
    /// </summary>
    public string Gate => _path + "gate";

    /// <summary>Gets the path of the project that publishes.</summary>
    public string Published => _path + "publish.proj";

    /// <summary>Determines whether a file is one of this folder's own.</summary>
    public bool Has(string file) => file.StartsWith(_path, StringComparison.Ordinal);

    /// <summary>
    /// Writes a project that runs its targets on the app's projects in parallel. It isn't a solution, because a solution has a list of
    /// configurations and platforms, and MSBuild builds referenced projects that it doesn't list as Debug. Restoring is one step for all
    /// projects, so that shared dependencies are restored once.
    /// </summary>
    public string WriteProjects(IReadOnlyList<string> projects)
    {
        File.WriteAllText(_path + "restore.proj", $"""
            <Project>
              <PropertyGroup>
                <RestoreGraphProjectInput>{string.Join(';', projects.Select(InXml))}</RestoreGraphProjectInput>
              </PropertyGroup>
              <Import Project="$(MSBuildToolsPath)/NuGet.targets" />
            </Project>

            """);
        var tool = ToolCommand.Current();
        var wait = string.Join(' ', ((string[])[tool.Program, .. tool.Arguments, .. PublishGate.Arguments(Gate)]).Select(ShellQuoted));
        File.WriteAllText(_path + "app.proj", $"""
            <Project>
              <ItemGroup>
            {Items(projects.Select(p => new BuiltProject(p)))}  </ItemGroup>
              <Target Name="Restore" Condition="'$(ConvoxRestore)' != 'false'">
                <MSBuild Projects="$(MSBuildProjectDirectory)/restore.proj" Targets="Restore" Properties="RestoreUseStaticGraphEvaluation=false" />
              </Target>
              <Target Name="ConvoxDescribe">
                <MSBuild Projects="@(AppProject)" Targets="ConvoxDescribe" BuildInParallel="true" />
              </Target>
              <Target Name="ConvoxBuild" DependsOnTargets="ConvoxDescribe">
                <Exec Command="{InXml(wait)}" EchoOff="true" />
                <MSBuild Projects="{InXml(Published)}" Targets="Publish" Condition="Exists('{InXml(Published)}')" />
              </Target>
            </Project>

            """);
        return _path + "app.proj";
    }

    /// <summary>
    /// Writes the project that publishes, without which nothing is published, and a file for each project, which tells it so while it is
    /// compiled.
    /// </summary>
    /// <param name="projects">The projects.</param>
    /// <param name="properties">Their global properties, as escaped <c>name=value</c> pairs.</param>
    public void WritePublished(IReadOnlyList<DescribedProject> projects, IReadOnlyList<string> properties)
    {
        foreach (var project in projects) File.WriteAllText($"{_path}{project.Key}.planned", "");
        File.WriteAllText(Published, $"""
            <Project>
              <ItemGroup>
            {Items(projects.Select(p => new BuiltProject(p.Project.Path, p.Framework)))}  </ItemGroup>
              <Target Name="Publish">
                <MSBuild Projects="@(AppProject)" Targets="Publish" BuildInParallel="true" Properties="{SecurityElement.Escape(string.Join(';', properties))}" />
              </Target>
            </Project>

            """);
    }

    /// <summary>Writes a response file for MSBuild, and returns its path.</summary>
    public string WriteResponses(string text)
    {
        File.WriteAllText(_path + "publish.rsp", text);
        return _path + "publish.rsp";
    }

    private static string Items(IEnumerable<BuiltProject> projects) => string.Concat(projects.Select(Item));

    private static string Item(BuiltProject project)
    {
        var framework = project.Framework is { } one ? $" AdditionalProperties=\"TargetFramework={InXml(one)}\"" : "";
        return $"    <AppProject Include=\"{InXml(project.Path)}\"{framework} />\n";
    }

    private static string InXml(string text) => SecurityElement.Escape(Escaped(text));

    private static string ShellQuoted(string word) =>
        OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Returns the programs that MSBuild has described.</summary>
    public IReadOnlyList<DescribedProject> Described() =>
    [
        .. Directory.EnumerateFiles(_path, "*.described").Order(StringComparer.Ordinal)
            .Select(f => (Key: Path.GetFileNameWithoutExtension(f), Facts: Read(f))).Select(f => new DescribedProject(
            f.Key,
            new(f.Facts["project"], f.Facts["service"] is { Length: > 0 } service ? ServiceName.Parse(service) : null,
                f.Facts["web"].Equals("true", StringComparison.OrdinalIgnoreCase)),
            f.Facts["lock"], Stated(f.Facts, "framework"), Stated(f.Facts, "chosen"), Stated(f.Facts, "host") is not null)),
    ];

    /// <summary>Writes where to push the projects' images, by the projects' keys.</summary>
    public void WriteImageTargets(BuildId build, IReadOnlyDictionary<string, PushTarget> targets)
    {
        File.WriteAllText(_path + ImageTargets, ImagesPushed(build, targets));
        MakeOld(ImageTargets);
    }

    /// <summary>
    /// Returns what sets the properties of the projects' images: for the inner builds of a multi-platform image, when they are read; and
    /// right before the image is made, because nothing else overrides a property of the command line.
    /// </summary>
    private static string ImagesPushed(BuildId build, IReadOnlyDictionary<string, PushTarget> targets)
    {
        var properties = string.Concat(targets.Select(t => $"""
              <PropertyGroup Condition="'$(_ConvoxProject)' == '{t.Key}'">
                <_ConvoxImageTargets>_ConvoxSetImage;PublishContainer</_ConvoxImageTargets>
                <_ConvoxOwnRepository>{t.Value.Repository}</_ConvoxOwnRepository>
                <ContainerRegistry>{t.Value.Registry}</ContainerRegistry>
                <ContainerRepository>{t.Value.Repository}</ContainerRepository>
                <ContainerImageTag>{build}</ContainerImageTag>
                <ContainerImageTags />
                <AutoGenerateImageTag />
                <ContainerArchiveOutputPath />
                <ContainerImageName />
                <PublishImageTag />
                <RegistryUrl />
              </PropertyGroup>

            """));
        return $"<Project>\n{properties}  <Target Name=\"_ConvoxSetImage\">\n{properties}  </Target>\n</Project>\n";
    }

    /// <summary>Returns the outcome of publishing a project, or null if it wasn't published.</summary>
    public PublishedProject? Outcome(DescribedProject project, PushTarget? target)
    {
        var file = $"{_path}{project.Key}.published";
        if (!File.Exists(file)) return null;
        var facts = Read(file);
        var image = target is null ? null : new PushedImage(target.Registry, target.Repository, Stated(facts,
            "digest"), Stated(facts, "index"), facts["runtimes"]).Artifact(project.Project.IsWeb);
        return new(project.Project, facts["folder"], facts["assembly"])
        {
            Image = image,
            DependenciesFile = Stated(facts, "dependencies"),
            RuntimeConfigFile = Stated(facts, "runtimeconfig"),
        };
    }

    /// <summary>Returns the version of the SDK that published a project, or null if it is unknown.</summary>
    public string? Sdk(DescribedProject project) =>
        $"{_path}{project.Key}.published" is var file && File.Exists(file) ? Stated(Read(file), "sdk") : null;

    public void Dispose() => _folder.Dispose();

    private void WriteTargets(string name)
    {
        using (var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!)
        using (var file = File.Create(_path + name)) resource.CopyTo(file);
        MakeOld(name);
    }

    /// <summary>Backdates a file, because MSBuild recompiles a project when a file that it imports is newer than the assembly.</summary>
    private void MakeOld(string name) => File.SetLastWriteTimeUtc(_path + name, new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private static string? Stated(Dictionary<string, string> facts, string fact) =>
        facts.GetValueOrDefault(fact) is { Length: > 0 } text ? text : null;

    private static Dictionary<string, string> Read(string file)
    {
        var facts = File.ReadAllLines(file).Select(l => l.Split('=', 2)).ToList();
        return facts.TrueForAll(f => f.Length == 2)
            ? facts.ToDictionary(f => f[0], f => f[1])
            : throw new Problem(
                ProblemCode.BuildFailed, "the path of a project, or of its output, has a line break. Nothing was published.",
                "Rename the folder.").ToException();
    }

    /// <summary>Escapes the characters that have a meaning to MSBuild in the value of a property.</summary>
    public static string Escaped(string text) =>
        string.Concat(text.Select(c => "%;$@'(),*?".Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : $"{c}"));
}

/// <summary>Represents a project that can run.</summary>
/// <param name="Key">The key of its facts in the build folder.</param>
/// <param name="Project">The project.</param>
/// <param name="Lock">The file that keeps other publishes from the project's intermediate folder.</param>
/// <param name="Framework">The target framework, or null if the project has only one.</param>
/// <param name="Chosen">The target framework that the project itself chooses (<c>ConvoxFramework</c>).</param>
/// <param name="IsHost">Whether it starts the others on a developer's machine, as an Aspire AppHost does, and isn't a service
/// itself.</param>
internal sealed record DescribedProject(string Key, AppProject Project, string Lock, string? Framework = null,
    string? Chosen = null, bool IsHost = false);

/// <summary>Represents a project that MSBuild builds.</summary>
/// <param name="Path">The project file.</param>
/// <param name="Framework">The target framework, or null if the project has only one.</param>
internal sealed record BuiltProject(string Path, string? Framework = null);
