using System.Text.RegularExpressions;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary><c>build</c> and <c>deploy</c> with the real SDK, on projects that know nothing of releases.</summary>
[Collection("racks")]
public sealed partial class A_build_of_a_whole_app : IDisposable
{
    private static readonly AppName App = AppName.Parse("shop");

    private readonly Workspace _workspace;

    public A_build_of_a_whole_app(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.Write("Directory.Build.props",
            "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Finds_the_programs_of_a_solution_publishes_them_and_makes_one_release()
    {
        const string Console = "Microsoft.NET.Sdk";
        _workspace.AddProject("it's 100% $(Odd); @Front",
            properties: "<OutputType>Exe</OutputType><AssemblyName>Front</AssemblyName><ConvoxService>front</ConvoxService><Where>$(SolutionDir)</Where>");
        _workspace.AddProject("Mailer", Console, "<OutputType>Exe</OutputType><ConvoxRelease>true</ConvoxRelease>");
        _workspace.AddProject("Prices", Console, "<OutputType>Library</OutputType>");
        _workspace.AddProject("Checks", Console, "<OutputType>Exe</OutputType><IsTestProject>true</IsTestProject>");
        _workspace.AddProject("EnvironmentDraft", Console, "<OutputType>Exe</OutputType><IsPublishable>false</IsPublishable>");
        _workspace.AddProject("Wand", Console, "<OutputType>Exe</OutputType><PackAsTool>true</PackAsTool>");
        _workspace.Write("Shop.slnx", $"""
            <Solution>
            {string.Concat(new[] { "it's 100% $(Odd); @Front", "Mailer", "Prices", "Checks", "EnvironmentDraft", "Wand" }.Select(p => $"""  <Project Path="{p}/{p}.csproj" />"""))}
            </Solution>
            """);

        var built = (await _workspace.Tool("build", "-d", "all of it", "--", "-p:InformationalVersion=7.7")).Succeeded();
        var release = Assert.Single(await Releases());
        Assert.Contains($"Created {release.Label}: all of it", built.Output, StringComparison.Ordinal);
        Assert.Equal(["front", "worker"], release.Services.Keys.Select(s => s.ToString()).Order());
        Assert.Empty(release.Missing);
        Assert.All(release.Services.Values, s => Assert.Equal(release.Build, s.Build));
        Assert.Equal("Mailer/Mailer.csproj", release.Services[ServiceName.Parse("worker")].Project);
        Assert.Single(await _workspace.Use(r => r.Store.ListBuilds(App, 10)));
        var log = (await _workspace.Tool("builds", "logs", release.Build!.Value.ToString())).Succeeded().Output;
        Assert.Contains("Mailer -> ", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Prices -> ", log[log.IndexOf("Publishing ", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_of_a_commit_what_git_says_of_it_and_compiles_it_once()
    {
        _workspace.AddProject("Front");
        _workspace.Write(".gitignore", "bin/\nobj/\n");
        await _workspace.Git("init", "--quiet");
        await _workspace.Git("add", ".");
        await _workspace.Git("commit", "--quiet", "-m", "open the shop");

        (await _workspace.Tool("build")).Succeeded();
        var release = Assert.Single(await Releases());
        Assert.Equal($"build {release.Commit![..10]} open the shop", release.Description);

        var compiled = Compiled();
        (await _workspace.Tool("build")).Succeeded();
        Assert.Equal(2, (await Releases()).Count);
        Assert.Equal(compiled, Compiled());

        DateTime Compiled() => File.GetLastWriteTimeUtc(Path.Combine(_workspace.Folder, "Front", "obj", "Release", "net10.0", "Front.dll"));
    }

    [Fact]
    public async Task Fails_whole_when_one_service_does_not_compile()
    {
        _workspace.Write("convox.yml", "services: { web: { build: Front }, jobs: { build: Jobs } }");
        _workspace.AddProject("Front");
        _workspace.AddProject("Jobs", "Microsoft.NET.Sdk");
        _workspace.Write("Jobs/Program.cs", "Console.WriteLine(1)");

        var built = await _workspace.Tool("build");
        Assert.Equal(1, built.ExitCode);
        Assert.Empty(await Releases());
        var build = Assert.Single(await _workspace.Use(r => r.Store.ListBuilds(App, 10)));
        Assert.Equal(BuildStatus.Failed, build.Status);
        Assert.Contains($"error CONVOX0042: the build failed (Jobs/Jobs.csproj): ", built.Output, StringComparison.Ordinal);
        Assert.Contains("error CS1002: ; expected. No release was made; production is unchanged.", built.Output, StringComparison.Ordinal);
        Assert.Contains("CS1002", (await _workspace.Tool("builds", "logs", build.Id.ToString())).Succeeded().Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploys_a_new_app_without_anything_but_the_tool()
    {
        _workspace.Write("shop.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
        _workspace.Write("Program.cs", """var app = WebApplication.Create(args); app.MapGet("/", () => "Servus"); app.Run();""");
        try
        {
            var deployed = (await _workspace.Tool("deploy")).Succeeded();
            var release = Assert.Single(await Releases());
            Assert.Contains($"{release.Label} is active", deployed.Output, StringComparison.Ordinal);
            Assert.Equal(release.Id, (await _workspace.Use(r => r.Store.FindApp(App)))!.Active);
            using var client = new HttpClient();
            Assert.Equal("Servus", await client.GetStringAsync(Address().Match(deployed.Output).Value));
        }
        finally
        {
            (await _workspace.Tool("rack", "stop")).Succeeded();
        }
    }

    [GeneratedRegex(@"(?<=^web  )http://127\.0\.0\.1:\d+", RegexOptions.Multiline)]
    private static partial Regex Address();

    private Task<IReadOnlyList<Release>> Releases() => _workspace.Use(r => r.Store.ListReleases(App, 10));
}
