using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>An SDK that prints what the test says and leaves the facts that the tool's own targets leave, without compiling
/// anything.</summary>
internal sealed class FakeSdk(string folder)
{
    /// <summary>The lines that publishing prints.</summary>
    public List<string> Prints { get; } = [];

    /// <summary>The lines that publishing a solution prints besides.</summary>
    public Func<string, string[]> PrintsOf { get; set; } = _ => [];

    /// <summary>The exit code of publishing.</summary>
    public int Ends { get; set; }

    /// <summary>What each project is compiled to.</summary>
    public string Program { get; set; } = "a program";

    /// <summary>Where every project is published to; null: each beside its project file.</summary>
    public string? PublishesTo { get; set; }

    /// <summary>Where the locks of the projects are; null: nobody else can have them.</summary>
    public string? LocksIn { get; set; }

    /// <summary>The projects that are programs of the Web SDK; others are other programs.</summary>
    public HashSet<string> Web { get; } = [];

    /// <summary>The projects that are no programs.</summary>
    public HashSet<string> Libraries { get; } = [];

    /// <summary>The target frameworks of projects that have several.</summary>
    public Dictionary<string, string[]> Frameworks { get; } = [];

    /// <summary>What projects of several choose (<c>ConvoxFramework</c>).</summary>
    public string Chosen { get; set; } = "";

    /// <summary>The projects that start others.</summary>
    public HashSet<string> Hosts { get; } = [];

    /// <summary>What it prints instead of restoring; null: it restores.</summary>
    public string? CannotRestore { get; set; }

    /// <summary>The project with which it published last.</summary>
    public string Published { get; private set; } = "";

    /// <summary>What it was told, in order.</summary>
    public SharedList<DotnetRun> Runs { get; } = [];

    /// <summary>What happens while it publishes.</summary>
    public Func<Task> WhilePublishing { get; set; } = () => Task.CompletedTask;

    /// <summary>Makes a project file.</summary>
    public void Project(string path, bool web = true)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "<Project />");
        if (web) Web.Add(file);
    }

    public async Task<int> Run(DotnetRun run, Action<string> line, CancellationToken cancel)
    {
        Runs.Add(run);
        var facts = run.Arguments.Single(a =>
            a.StartsWith("-p:ConvoxBuildFolder=", StringComparison.Ordinal))["-p:ConvoxBuildFolder=".Length..];
        var text = await File.ReadAllTextAsync(run.Arguments[1], cancel);
        if (run.Arguments.Contains("-t:Publish")) return await Publish(facts, text, run, line, cancel);
        if (CannotRestore is { } why)
        {
            line(why);
            return 1;
        }

        await Describe(facts, text, cancel);
        if (!run.Arguments.Contains("-t:ConvoxBuild")) return 0;
        if (await Task.Run(() => PublishGate.Wait(facts + "gate"), cancel).WaitAsync(cancel) != 0) return 1;
        return File.Exists(facts + "publish.proj")
            ? await Publish(facts, await File.ReadAllTextAsync(facts + "publish.proj", cancel), run, line, cancel)
            : 0;
    }

    private static List<string> Projects(string text) =>
        [.. Regex.Matches(text, "AppProject Include=\"(.*?)\"").Select(m => Unescaped(WebUtility.HtmlDecode(m.Groups[1].Value)))];

    private async Task Describe(string facts, string text, CancellationToken cancel)
    {
        foreach (var project in Projects(text).Where(p => !Libraries.Contains(p)))
            foreach (var framework in Frameworks.GetValueOrDefault(project, [""]))
                await File.WriteAllLinesAsync(
                    $"{facts}{Key(project)}{framework}.described",
                    [$"project={project}", $"lock={LockOf(facts, project, framework)}", $"web={(Web.Contains(project) ? "true" : "")}", $"framework={framework}", $"chosen={Chosen}",
                        $"host={(Hosts.Contains(project) ? "true" : "")}", "service="], cancel);
    }

    private async Task<int> Publish(string facts, string text, DotnetRun run, Action<string> line, CancellationToken cancel)
    {
        Published = text;
        foreach (var printed in (string[])[.. Prints, .. PrintsOf(run.Arguments[1])]) line(printed);
        await WhilePublishing();
        cancel.ThrowIfCancellationRequested();
        if (Ends != 0) return Ends;
        foreach (var project in Projects(text))
        {
            await File.WriteAllTextAsync(Path.ChangeExtension(project, ".dll"), Program, cancel);
            await File.WriteAllLinesAsync(
                $"{facts}{Key(project)}{Regex.Match(text, $"{Key(project)}\\.[a-z]+\" AdditionalProperties=\"TargetFramework=(.*?)\"").Groups[1]}.published",
                [$"folder={PublishesTo ?? Path.GetDirectoryName(project)}", $"assembly={Key(project)}", "digest=", "index=", "runtimes="],
                cancel);
        }

        return 0;
    }

    private static string Unescaped(
        string text) => Regex.Replace(text, "%([0-9A-F]{2})",
            m => $"{(char)int.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}");

    private string LockOf(string facts, string project, string framework) =>
        Path.Combine(LocksIn ?? facts, $"{Key(project)}{framework}.lock");

    private static string Key(string project) => Path.GetFileNameWithoutExtension(project);
}
