using System.Reflection;
using System.Security;

namespace Releases.Tool;

/// <summary>A temporary folder through which the tool and MSBuild speak: what MSBuild is to do, and the facts that it leaves.</summary>
internal sealed class BuildFolder : IDisposable
{
    private readonly HeldFolder _folder;
    private readonly string _path;

    public BuildFolder(TimeProvider time)
    {
        HeldFolder.Sweep([Path.GetTempPath()], HeldFolder.Build, time);
        _folder = HeldFolder.Make([Path.GetTempPath()], HeldFolder.Build);
        _path = _folder.Path + Path.DirectorySeparatorChar;
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("build.targets")!;
        using var file = File.Create(Targets);
        resource.CopyTo(file);
    }

    /// <summary>What every project gets.</summary>
    private string Targets => _path + "build.targets";

    /// <summary>The global properties that make MSBuild use this folder.</summary>
    public IReadOnlyList<string> Properties =>
    [
        $"-p:ConvoxBuildFolder={Escaped(_path)}",
        $"-p:CustomAfterMicrosoftCommonTargets={Escaped(Targets)}",
        $"-p:CustomAfterMicrosoftCommonCrossTargetingTargets={Escaped(Targets)}",
    ];

    /// <summary>A solution of some projects, so that they are restored as one and published in parallel.</summary>
    public string Solution(string name, IEnumerable<string> projects)
    {
        var file = $"{_path}{name}.slnx";
        File.WriteAllText(file, $"<Solution>\n{string.Concat(projects.Select(p => $"  <Project Path=\"{SecurityElement.Escape(p)}\" />\n"))}</Solution>\n");
        return file;
    }

    /// <summary>The programs that MSBuild has described.</summary>
    public IReadOnlyList<DescribedProject> Described() =>
    [
        .. Directory.EnumerateFiles(_path, "*.described").Order(StringComparer.Ordinal).Select(f => (Key: Path.GetFileNameWithoutExtension(f), Facts: Read(f))).Select(f => new DescribedProject(
            f.Key,
            new(f.Facts["project"], f.Facts["service"] is { Length: > 0 } service ? ServiceName.Parse(service) : null, f.Facts["web"].Equals("true", StringComparison.OrdinalIgnoreCase)))),
    ];

    /// <summary>Where the images of projects are pushed to, by the projects' keys.</summary>
    public void WriteImageTargets(BuildId build, IReadOnlyDictionary<string, PushTarget> targets) => File.WriteAllText(_path + "images.targets", $"""
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
        """);

    /// <summary>What came of a project; null: it was not published.</summary>
    public PublishedProject? Published(DescribedProject project, PushTarget? target)
    {
        var file = $"{_path}{project.Key}.published";
        if (!File.Exists(file)) return null;
        var facts = Read(file);
        var image = target is null ? null : new PushedImage(target.Registry, target.Repository, Stated("digest"), Stated("index"), facts["runtimes"]).Artifact(project.Project.IsWeb);
        return new(project.Project, facts["folder"], facts["assembly"]) { Image = image };

        string? Stated(string fact) => facts[fact] is { Length: > 0 } text ? text : null;
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> Read(string file) =>
        File.ReadAllLines(file).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);

    /// <summary>What MSBuild would take for its own in the value of a property.</summary>
    public static string Escaped(string text) => string.Concat(text.Select(c => "%;$@'(),*?".Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : $"{c}"));
}

/// <summary>A project that can run.</summary>
/// <param name="Key">Names it among the facts.</param>
/// <param name="Project">The project.</param>
internal sealed record DescribedProject(string Key, AppProject Project);
