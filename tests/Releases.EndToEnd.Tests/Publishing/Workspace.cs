using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Releases.Local;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>A folder with projects as a person has them, and a home of its own. The packages come from the packed ones and nowhere
/// else.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("convox-workspace-").FullName;
    private readonly PackedPackages _packages;

    /// <param name="packages">Where the packages come from.</param>
    public Workspace(PackedPackages packages)
    {
        _packages = packages;
        Directory.CreateDirectory(Folder);
        Uses(packages.Feed);
    }

    /// <summary>The app's folder, whose name gives the app's: <c>shop</c>.</summary>
    public string Folder => Path.Combine(_root, "shop");

    public LocalHome Home => new(Path.Combine(_root, "home"));

    /// <summary>Set for everything that is started.</summary>
    public Dictionary<string, string?> Variables { get; } = [];

    /// <summary>Takes the task package from this folder from now on.</summary>
    public void Uses(string feed)
    {
        var version = Path.GetFileNameWithoutExtension(Directory.GetFiles(feed, "Releases.Tasks.*.nupkg")
            .Single())["Releases.Tasks.".Length..];
        Write("nuget.config",
            $"""<configuration><packageSources><clear /><add key="packed" value="{feed}" /></packageSources></configuration>""");
        Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="Releases.Tasks" Version="{version}" PrivateAssets="all" /></ItemGroup>
            </Project>
            """);
    }

    /// <summary>Packages also come from where this machine gets its own, and those that it has needn't be fetched.</summary>
    public void MayRestore()
    {
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var config = File.ReadAllText(Path.Combine(Folder, "nuget.config")).Replace("<clear />", "", StringComparison.Ordinal);
        Write("nuget.config", config.Replace(
            "</configuration>", $"""<fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders></configuration>""",
            StringComparison.Ordinal));
    }

    public void Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>A project with a program that does nothing.</summary>
    public void AddProject(string name, string sdk = "Microsoft.NET.Sdk.Web", string properties = "<OutputType>Exe</OutputType>")
    {
        Write($"{name}/{name}.csproj", $"""<Project Sdk="{sdk}"><PropertyGroup>{properties}</PropertyGroup></Project>""");
        Write($"{name}/Program.cs",
            properties.Contains("Library", StringComparison.Ordinal) ? $"public class {name};" : $"""Console.WriteLine("{name}");""");
    }

    /// <summary>Removes all that was built.</summary>
    public void Forget()
    {
        foreach (var made in Directory.EnumerateDirectories(_root, "*", SearchOption.AllDirectories)
            .Where(d => Path.GetFileName(d) is "bin" or "obj" or "artifacts").ToList())
            if (Directory.Exists(made) && !made.StartsWith(Home.Folder, StringComparison.Ordinal)) Directory.Delete(made, recursive: true);
    }

    public Task<Outcome> Dotnet(params IEnumerable<string> arguments) => Start("dotnet", arguments);

    /// <summary>Runs lines of a shell in the app's folder.</summary>
    public Task<Outcome> Shell(string lines) => Start("/bin/sh", ["-ec", lines]);

    /// <summary>Runs the tool in the app's folder.</summary>
    public Task<Outcome> Tool(params IEnumerable<string> arguments) => Start(TestRack.Tool, arguments);

    /// <summary>Starts the SDK in the app's folder and does not wait.</summary>
    public RunningTool StartDotnet(params string[] arguments) => TestRack.Start(Folder, AllVariables(), "dotnet", arguments);

    private async Task<Outcome> Start(string program, IEnumerable<string> arguments)
    {
        var run = await Cli.Wrap(program).WithArguments([.. arguments]).WithWorkingDirectory(Folder)
            .WithEnvironmentVariables(AllVariables()).WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return new(run.ExitCode, run.StandardOutput + run.StandardError);
    }

    private Dictionary<string, string?> AllVariables()
    {
        var variables = new Dictionary<string, string?>(CleanEnvironment.ForDotnet)
        {
            ["CONVOX_HOME"] = Home.Folder,
            ["NUGET_PACKAGES"] = _packages.Cache,
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        foreach (var (name, value) in Variables) variables[name] = value;
        return variables;
    }

    /// <summary>Publishes a project or a solution with <c>-p:ConvoxRelease=true</c>. Without a configuration, the SDK would first load the
    /// projects, only to find out that it is Release.</summary>
    public Task<Outcome> Publish(string project, params IEnumerable<string> arguments) =>
        Dotnet(["publish", project, "-p:ConvoxRelease=true", "-tl:off", "-c", "Release", .. arguments]);

    public Task Git(params IEnumerable<string> arguments) =>
        Cli.Wrap("git").WithArguments(["-c", "user.name=A Person", "-c", "user.email=person@example.org", .. arguments])
            .WithEnvironmentVariables(e => e.Set(CleanEnvironment.ForDotnet).Set("GIT_CONFIG_GLOBAL", "/dev/null").Set("GIT_CONFIG_NOSYSTEM", "1"))
            .WithWorkingDirectory(Folder)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

    /// <summary>What the last publish of a project left in its obj folder.</summary>
    public JsonElement ReleaseFile(string project) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, project, "obj", "convox", "release.json"))).RootElement;

    /// <summary>The digests in the rack's artifact store.</summary>
    public IReadOnlyList<string> StoredArtifacts() => [.. Directory.EnumerateDirectories(Home.Artifacts).Select(d => Path.GetFileName(d)!)];

    /// <summary>Opens the rack in this process, as the tool would.</summary>
    public async Task<T> Use<T>(Func<Rack, Task<T>> use)
    {
        await using var rack = LocalRack.Open(Home, "local", TimeProvider.System);
        return await use(rack);
    }

    public void Dispose() => Folders.Delete(_root);
}
