using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>Of every layout, <c>build</c> ships file by file what <c>dotnet publish -c Release</c> of each program does.</summary>
public sealed class What_a_build_ships : IDisposable
{
    private const string Console = "Microsoft.NET.Sdk";
    private const string Exe = "<OutputType>Exe</OutputType>";
    private const string Framework = "Microsoft.NETCore.App";
    private const string Library = "<OutputType>Library</OutputType>";

    private readonly Workspace _workspace;

    public What_a_build_ships(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.Write("Directory.Build.props",
            "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Of_a_solution_whose_programs_share_libraries()
    {
        Add("Prices", Console, Library);
        Add("Pages", "Microsoft.NET.Sdk.Razor", Library, references: ["Prices"],
            more: """<ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>""");
        Add("Front", "Microsoft.NET.Sdk.Web", Exe, references: ["Pages"]);
        Add("Back", "Microsoft.NET.Sdk.Web", Exe + "<ConvoxService>back</ConvoxService>", references: ["Prices"]);
        Add("Mailer", "Microsoft.NET.Sdk.Worker", Exe + "<ImplicitUsings>disable</ImplicitUsings>", references: ["Prices"]);
        _workspace.Write("Pages/wwwroot/pages.js", "let it = 'be';");
        _workspace.Write("Front/wwwroot/index.html", "<p>Servus");
        _workspace.Write("Shop.slnx", """
            <Solution>
              <Configurations><Platform Name="x64" /></Configurations>
              <Project Path="Prices/Prices.csproj" /><Project Path="Pages/Pages.csproj" /><Project Path="Front/Front.csproj" />
              <Project Path="Back/Back.csproj" /><Project Path="Mailer/Mailer.csproj" />
            </Solution>
            """);
        await Same(("web", "Front"), ("back", "Back"), ("worker", "Mailer"));
    }

    [Fact]
    public async Task Of_projects_without_a_solution_that_reach_out_of_the_folder_and_keep_their_output_together()
    {
        _workspace.Write("Directory.Build.props", """
            <Project><PropertyGroup>
              <TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><UseArtifactsOutput>true</UseArtifactsOutput>
              <Platforms>AnyCPU;x64</Platforms><Platform Condition="'$(Platform)' == ''">x64</Platform><MyTargets>$(MSBuildThisFileDirectory)Stamp.targets</MyTargets>
              <CustomAfterMicrosoftCommonTargets>$(MyTargets)</CustomAfterMicrosoftCommonTargets>
            </PropertyGroup></Project>
            """);
        _workspace.Write("Directory.Packages.props",
            "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup></Project>");
        _workspace.Write("Stamp.targets",
            """<Project><Target Name="Stamp" AfterTargets="Publish"><WriteLinesToFile File="$(PublishDir)stamp.txt" Lines="$(Configuration) $(Platform) $(Wished)" Overwrite="true" /></Target></Project>""");
        _workspace.Write("Directory.Build.rsp", "-p:Wished=by-the-response-file");
        _workspace.Write("Shared/Shared.shproj", """<Project><Import Project="Shared.projitems" Label="Shared" /></Project>""");
        _workspace.Write("Shared/Shared.projitems",
            """<Project><ItemGroup><Compile Include="$(MSBuildThisFileDirectory)Shared.cs" /></ItemGroup></Project>""");
        _workspace.Write("Shared/Shared.cs", "internal static class Shared;");
        _workspace.Write("../beyond/Beyond.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        _workspace.Write("../beyond/Beyond.cs", "public class Beyond;");
        Add("Front", "Microsoft.NET.Sdk.Web", Exe,
            more: """<Import Project="../Shared/Shared.projitems" /><ItemGroup><ProjectReference Include="../../beyond/Beyond.csproj" /></ItemGroup>""");
        await Same(("web", "Front"));
    }

    [Fact]
    public async Task Of_projects_of_several_target_frameworks_in_a_solution_filter()
    {
        _workspace.Write("Directory.Build.props",
            "<Project><PropertyGroup><ImplicitUsings>enable</ImplicitUsings><EnableWindowsTargeting>true</EnableWindowsTargeting><DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads></PropertyGroup></Project>");
        const string Both = "<TargetFrameworks>net10.0;net10.0-windows</TargetFrameworks>";
        Add("Prices", Console, Library + Both);
        Add("Front", "Microsoft.NET.Sdk.Web", Exe + Both + "<ConvoxFramework>net10.0</ConvoxFramework>", references: ["Prices"]);
        Add("Jobs", Console, Both + """<OutputType Condition="'$(TargetFramework)' == 'net10.0'">Exe</OutputType>""",
            references: ["Prices"]);
        Add("Other", Console, Exe + "<TargetFramework>net10.0</TargetFramework><ConvoxService>other</ConvoxService>");
        _workspace.Write("whole/Whole.slnx", """
            <Solution>
              <Project Path="../Prices/Prices.csproj" /><Project Path="../Front/Front.csproj" /><Project Path="../Jobs/Jobs.csproj" /><Project Path="../Other/Other.csproj" />
            </Solution>
            """);
        _workspace.Write("Some.slnf",
            """{ "solution": { "path": "whole/Whole.slnx", "projects": [ "../Front/Front.csproj", "../Jobs/Jobs.csproj" ] } }""");
        await Same(("web", "Front"), ("worker", "Jobs"));
    }

    private async Task Same(params (string Service, string Project)[] programs)
    {
        var expected = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (service, project) in programs)
        {
            var folder = Path.Combine(_workspace.Folder, "..", "expected", service);
            string[] framework = File.ReadAllText(Path.Combine(_workspace.Folder, project, $"{project}.csproj"))
                .Contains("<TargetFrameworks>", StringComparison.Ordinal) ? ["-f", "net10.0"] : [];
            (await _workspace.Dotnet(["publish", project, "-c", "Release", "-o", folder, "-tl:off", .. framework])).Succeeded();
            expected[service] = Shipped.In(folder);
        }

        _workspace.Forget();
        (await _workspace.Tool("build", "-a", "shop")).Succeeded();
        var release = Assert.Single(await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)));
        Assert.Equal(programs.Select(p => p.Service).Order(), release.Services.Keys.Select(s => s.ToString()).Order());
        foreach (var (service, project) in programs)
        {
            Assert.Equal(expected[service], Shipped.By(_workspace, release, service));
            var list = Path.Combine(_workspace.Folder, "..", "expected", service, $"{project}.deps.json");
            string[] frameworks = service == "worker" ? [Framework] : ["Microsoft.AspNetCore.App", Framework];
            await new ReleaseEvidence(_workspace, release, ServiceName.Parse(service)).Has(list, frameworks);
        }
    }

    private void Add(string name, string sdk, string properties, string[]? references = null, string more = "")
    {
        _workspace.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>{properties}</PropertyGroup>
              <ItemGroup>{string.Concat((references ?? []).Select(r => $"""<ProjectReference Include="../{r}/{r}.csproj" />"""))}</ItemGroup>
              {more}
            </Project>
            """);
        _workspace.Write($"{name}/{name}.cs", $"namespace {name};\npublic static class Program {{ public static void Main() {{ }} }}\n");
    }
}
