using System.Reflection;
using System.Security;
using Releases.Local;

namespace Releases.Tool;

/// <summary>A temporary folder through which the tool and MSBuild speak: what MSBuild is to do, and the facts that it leaves.</summary>
internal sealed class BuildFolder : IDisposable
{
    private const string ImageTargets = "images.targets";

    private readonly HeldFolder _folder;
    private readonly string _path;

    public BuildFolder(TimeProvider time)
    {
        HeldFolder.Sweep([Path.GetTempPath()], HeldFolder.Build, time);
        _folder = HeldFolder.Make([Path.GetTempPath()], HeldFolder.Build);
        _path = _folder.Path + Path.DirectorySeparatorChar;
        WriteTargets("build.targets");
        WriteTargets("staging.targets");
    }

    /// <summary>What every project gets.</summary>
    private string Targets => _path + "build.targets";

    /// <summary>The global properties that make MSBuild use this folder; of the places where targets can be brought in, those that projects
    /// use least themselves.</summary>
    public IReadOnlyList<string> Properties =>
    [
        $"-p:ConvoxBuildFolder={Escaped(_path)}",
        $"-p:CustomAfterDirectoryBuildTargets={Escaped(Targets)}",
        $"-p:CustomAfterMicrosoftCommonCrossTargetingTargets={Escaped(Targets)}",
    ];

    /// <summary>Where MSBuild waits, when it has described the projects, until what <see cref="WritePublished"/> writes is there.</summary>
    public string Gate => _path + "gate";

    /// <summary>The project that publishes.</summary>
    public string Published => _path + "publish.proj";

    /// <summary>Whether a file is one of this folder's own.</summary>
    public bool Has(string file) => file.StartsWith(_path, StringComparison.Ordinal);

    /// <summary>
    /// Writes a project that hands its targets on to the app's projects, in parallel. It is no solution, because MSBuild builds what a
    /// program references, and the solution does not hold, as Debug. Another one is for restoring, so that what they share is restored
    /// once.
    /// </summary>
    public string WriteProjects(IReadOnlyList<string> projects)
    {
        var solution = string.Concat(projects.Select(p => $"  <Project Path=\"{SecurityElement.Escape(p)}\" />\n"));
        File.WriteAllText(_path + "app.slnx", $"<Solution>\n{solution}</Solution>\n");
        var tool = ToolCommand.Current();
        var wait = string.Join(' ', ((string[])[tool.Program, .. tool.Arguments, .. PublishGate.Arguments(Gate)]).Select(ShellQuoted));
        File.WriteAllText(_path + "app.proj", $"""
            <Project>
              <ItemGroup>
            {Items(projects.Select(p => new BuiltProject(p)))}  </ItemGroup>
              <Target Name="Restore" Condition="'$(ConvoxRestore)' != 'false'">
                <MSBuild Projects="$(MSBuildProjectDirectory)/app.slnx" Targets="Restore" />
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

    /// <summary>Writes what is to be published: without it, nothing is.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="properties">Global properties that they get, <c>name=value</c>, escaped.</param>
    public void WritePublished(IEnumerable<BuiltProject> projects, IReadOnlyList<string> properties) => File.WriteAllText(Published, $"""
        <Project>
          <ItemGroup>
        {Items(projects)}  </ItemGroup>
          <Target Name="Publish">
            <MSBuild Projects="@(AppProject)" Targets="Publish" BuildInParallel="true" Properties="{SecurityElement.Escape(string.Join(';', properties))}" />
          </Target>
        </Project>

        """);

    private static string Items(IEnumerable<BuiltProject> projects) => string.Concat(projects.Select(Item));

    private static string Item(BuiltProject project)
    {
        var framework = project.Framework is { } one ? $" AdditionalProperties=\"TargetFramework={InXml(one)}\"" : "";
        return $"    <AppProject Include=\"{InXml(project.Path)}\"{framework} />\n";
    }

    private static string InXml(string text) => SecurityElement.Escape(Escaped(text));

    private static string ShellQuoted(string word) =>
        OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The programs that MSBuild has described.</summary>
    public IReadOnlyList<DescribedProject> Described() =>
    [
        .. Directory.EnumerateFiles(_path, "*.described").Order(StringComparer.Ordinal)
            .Select(f => (Key: Path.GetFileNameWithoutExtension(f), Facts: Read(f))).Select(f => new DescribedProject(
            f.Key,
            new(f.Facts["project"], f.Facts["service"] is { Length: > 0 } service ? ServiceName.Parse(service) : null,
                f.Facts["web"].Equals("true", StringComparison.OrdinalIgnoreCase)),
            Stated(f.Facts, "framework"), Stated(f.Facts, "chosen"), Stated(f.Facts, "host") is not null)),
    ];

    /// <summary>Where the images of projects are pushed to, by the projects' keys.</summary>
    public void WriteImageTargets(BuildId build, IReadOnlyDictionary<string, PushTarget> targets)
    {
        File.WriteAllText(_path + ImageTargets, ImagesPushed(build, targets));
        MakeOld(ImageTargets);
    }

    private static string ImagesPushed(BuildId build, IReadOnlyDictionary<string, PushTarget> targets) => $"""
        <Project>
        {string.Concat(targets.Select(t => $"""
              <PropertyGroup Condition="'$(_ConvoxProject)' == '{t.Key}'">
                <_ConvoxImageTargets>PublishContainer</_ConvoxImageTargets>
                <ContainerRegistry>{t.Value.Registry}</ContainerRegistry>
                <ContainerRepository>{t.Value.Repository}</ContainerRepository>
                <ContainerImageTag>{build}</ContainerImageTag>
                <ContainerImageTags />
                <AutoGenerateImageTag />
              </PropertyGroup>

            """))}
        </Project>
        """;

    /// <summary>What came of a project; null: it was not published.</summary>
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

    /// <summary>The version of the SDK that published a project; null: unknown.</summary>
    public string? Sdk(DescribedProject project) =>
        $"{_path}{project.Key}.published" is var file && File.Exists(file) ? Stated(Read(file), "sdk") : null;

    public void Dispose() => _folder.Dispose();

    private void WriteTargets(string name)
    {
        using (var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!)
        using (var file = File.Create(_path + name)) resource.CopyTo(file);
        MakeOld(name);
    }

    /// <summary>MSBuild compiles a project again when a file that it imports is newer than the assembly.</summary>
    private void MakeOld(string name) => File.SetLastWriteTimeUtc(_path + name, new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private static string? Stated(Dictionary<string, string> facts, string fact) =>
        facts.GetValueOrDefault(fact) is { Length: > 0 } text ? text : null;

    private static Dictionary<string, string> Read(string file) =>
        File.ReadAllLines(file).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);

    /// <summary>What MSBuild would take for its own in the value of a property.</summary>
    public static string Escaped(string text) =>
        string.Concat(text.Select(c => "%;$@'(),*?".Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : $"{c}"));
}

/// <summary>A project that can run.</summary>
/// <param name="Key">Names it among the facts.</param>
/// <param name="Project">The project.</param>
/// <param name="Framework">The target framework, where the project has several; null: it has one.</param>
/// <param name="Chosen">The one that the project chooses of them (<c>ConvoxFramework</c>).</param>
/// <param name="IsHost">Whether it starts the others on a developer's machine, as the AppHost of Aspire does, and is no service
/// itself.</param>
internal sealed record DescribedProject(string Key, AppProject Project, string? Framework = null,
    string? Chosen = null, bool IsHost = false);

/// <summary>A project that MSBuild works on.</summary>
/// <param name="Path">The project file.</param>
/// <param name="Framework">The target framework, where it has several.</param>
internal sealed record BuiltProject(string Path, string? Framework = null);
