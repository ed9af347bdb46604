using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>A release has exactly what its own publish put there, and nothing that an earlier one left, while the usual publish folder
/// stays its owner's.</summary>
public sealed class What_a_release_has : IDisposable
{
    private static readonly AppName App = AppName.Parse("shop");
    private static readonly string[] OtherKind = ["-r", "linux-x64", "--self-contained", "false", "-p:DebugType=none",
        "-p:UseAppHost=false", "-p:IsTransformWebConfigDisabled=true"];

    private readonly Workspace _workspace;

    public What_a_release_has(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.AddProject("Front", properties: """
            </PropertyGroup>
            <Target Name="AfterBuilding" AfterTargets="Build">
              <WriteLinesToFile File="$(PublishDir)wwwroot/built.txt" Lines="built" Overwrite="true" />
            </Target>
            <Target Name="BeforePublishing" BeforeTargets="PrepareForPublish">
              <WriteLinesToFile File="$(PublishDir)wwwroot/spa.txt" Lines="spa" Overwrite="true" />
              <WriteLinesToFile File="$(OutDir)publish/early.txt" Lines="$(Hooked)" Overwrite="true" Condition="'$(ByPath)' == 'true'" />
            </Target>
            <Target Name="Hook" AfterTargets="Publish">
              <MakeDir Directories="$(PublishDir)uploads/new" />
              <WriteLinesToFile File="$(PublishDir)by-property.txt" Lines="$(Hooked)" Overwrite="true" />
              <WriteLinesToFile File="$(OutDir)publish/by-path.txt" Lines="$(Hooked)" Overwrite="true" Condition="'$(ByPath)' == 'true'" />
              <Copy SourceFiles="live.txt;live.txt" DestinationFiles="$(OutDir)publish/wwwroot/index.html;$(OutDir)publish/copied.txt" Condition="'$(ByPath)' == 'true'" />
              <Delete Files="$(OutDir)publish/wwwroot/draft.html;$(PublishDir)wwwroot/draft.css" Condition="'$(ByPath)' == 'true'" />
            </Target>
            <PropertyGroup>
            """);
        _workspace.Write("Directory.Build.targets",
            """<Project><Target Name="Late" AfterTargets="Publish"><WriteLinesToFile File="$(PublishDir)late.txt" Lines="late" Overwrite="true" /></Target></Project>""");
        _workspace.Write("Front/wwwroot/old.txt", "old");
        _workspace.Write("Front/wwwroot/index.html", "<p>Servus");
        _workspace.Write("Front/wwwroot/draft.html", "<p>Draft");
        _workspace.Write("Front/wwwroot/draft.css", "p {}");
        // A copy has its source's time.
        _workspace.Write("Front/live.txt", "<p>Live");
        File.SetLastWriteTimeUtc(Path.Combine(_workspace.Folder, "Front", "live.txt"), new(2020, 1, 1));
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task By_dotnet_publish()
    {
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop", "-p:ByPath=true")).Succeeded();
        var first = Shipped.By(_workspace, await Latest(), "web");
        Assert.Contains(first, f => f.StartsWith("wwwroot/old.txt.gz ", StringComparison.Ordinal));
        foreach (var file in (string[])["by-path.txt ", "by-property.txt ", "early.txt ", "late.txt ", "uploads/new (empty folder)", "web.config ",
            "wwwroot/built.txt ", "wwwroot/spa.txt "])
            Assert.Contains(first, f => f.StartsWith(file, StringComparison.Ordinal));

        IsByPath(first);

        // The second publish is like the first one.
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop", "-p:ByPath=true")).Succeeded();
        Assert.Equal(first, Shipped.By(_workspace, await Latest(), "web"));

        _workspace.Write("Front/bin/Release/net10.0/publish/mine.txt", "nobody else's");
        Changes();
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop")).Succeeded();
        Assert.Equal(await Fresh(), Shipped.By(_workspace, await Latest(), "web"));
        Assert.True(File.Exists(Path.Combine(_workspace.Folder, "Front/bin/Release/net10.0/publish/mine.txt")));
        Assert.False(File.Exists(Path.Combine(_workspace.Folder, "Front/bin/Release/net10.0/publish/wwwroot/old.txt")));

        var out1 = Path.Combine(_workspace.Folder, "..", "out");
        (await _workspace.Publish("Front", ["-p:ConvoxApp=shop", .. OtherKind, "-o", out1])).Succeeded();
        Assert.Equal(await Fresh(OtherKind), Shipped.By(_workspace, await Latest(), "web"));
        Assert.Equal(Shipped.In(out1).Where(NoFolder), Shipped.By(_workspace, await Latest(), "web").Where(NoFolder));
    }

    [Theory]
    [InlineData("bin/")]
    [InlineData("bin/Release/net10.0/")]
    public async Task Of_a_publish_folder_that_contains_the_build_output(string folder)
    {
        _workspace.Write("Directory.Build.targets", $"<Project><PropertyGroup><PublishDir>{folder}</PublishDir></PropertyGroup></Project>");
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop")).Succeeded();
        var first = Shipped.By(_workspace, await Latest(), "web");
        Assert.Contains(first, f => f.StartsWith("Front.dll ", StringComparison.Ordinal));
        Assert.DoesNotContain(first, f => f.Contains("net10.0/", StringComparison.Ordinal));
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop")).Succeeded();
        Assert.Equal(first, Shipped.By(_workspace, await Latest(), "web"));
    }

    [Fact]
    public async Task Of_a_folder_below_the_project_where_a_nested_project_publishes_too()
    {
        _workspace.Write("Front/Jobs/Jobs.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        _workspace.Write("Directory.Build.targets", """
            <Project>
              <PropertyGroup><PublishDir>out/</PublishDir></PropertyGroup>
              <Target Name="Nested" AfterTargets="Publish"><WriteLinesToFile File="out/jobs.txt" Lines="jobs" Overwrite="true" /></Target>
            </Project>
            """);
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop")).Succeeded();
        Assert.DoesNotContain(Shipped.By(_workspace, await Latest(), "web"), f => f.StartsWith("jobs.txt ", StringComparison.Ordinal));
        File.Delete(Path.Combine(_workspace.Folder, "Front", "Jobs", "Jobs.csproj"));
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop")).Succeeded();
        Assert.Contains(Shipped.By(_workspace, await Latest(), "web"), f => f.StartsWith("jobs.txt ", StringComparison.Ordinal));
    }

    /// <summary>A solution would have to name both.</summary>
    [Fact]
    public async Task Of_a_configuration_and_a_platform_of_its_own()
    {
        _workspace.Write("Directory.Build.targets", """
            <Project><Target Name="Stamp" AfterTargets="Publish">
              <WriteLinesToFile File="$(PublishDir)stamp-$(Configuration)-$(Platform.Replace('/', '-')).txt" Lines="x" Overwrite="true" />
            </Target></Project>
            """);
        _workspace.Variables["PLATFORM"] = "linux/amd64";
        (await _workspace.Tool("build", "--", "-c", "Staging", "-p:PlatformTarget=AnyCPU")).Succeeded();
        Assert.Contains(
            Shipped.By(_workspace, await Latest(), "web"), f => f.StartsWith("stamp-Staging-linux-amd64.txt ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_compiling_again()
    {
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop")).Succeeded();
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop", "--no-build")).Succeeded();
        Assert.Contains(Shipped.By(_workspace, await Latest(), "web"), f => f.StartsWith("wwwroot/spa.txt ", StringComparison.Ordinal));
    }

    /// <summary>What Visual Studio and build scripts of ASP.NET do: the build deploys what it publishes.</summary>
    [Fact]
    public async Task By_a_build_that_deploys_it()
    {
        var site = Path.Combine(_workspace.Folder, "..", "site");
        (await _workspace.Dotnet(
            "build", "Front", "-c", "Release", "-tl:off", "-p:ConvoxRelease=true", "-p:ConvoxApp=shop", "-p:DeployOnBuild=true",
            "-p:WebPublishMethod=FileSystem", $"-p:PublishUrl={site}/")).Succeeded();
        Assert.Contains(Shipped.By(_workspace, await Latest(), "web"), f => f.StartsWith("Front.dll ", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(site, "Front.dll")));
    }

    [Fact]
    public async Task By_a_build()
    {
        (await _workspace.Tool("build", "--", "-p:ByPath=true")).Succeeded();
        var first = Shipped.By(_workspace, await Latest(), "web");
        foreach (var file in (string[])["by-path.txt ", "by-property.txt ", "early.txt ", "late.txt ", "uploads/new (empty folder)",
            "web.config ", "wwwroot/built.txt ", "wwwroot/old.txt.br ", "wwwroot/spa.txt "])
            Assert.Contains(first, f => f.StartsWith(file, StringComparison.Ordinal));
        IsByPath(first);
        (await _workspace.Tool("build", "--", "-p:ByPath=true")).Succeeded();
        Assert.Equal(first, Shipped.By(_workspace, await Latest(), "web"));

        Changes();
        (await _workspace.Tool(["build", "--", .. OtherKind])).Succeeded();
        Assert.Equal(await Fresh(OtherKind), Shipped.By(_workspace, await Latest(), "web"));
        (await _workspace.Tool("build")).Succeeded();
        Assert.Equal(await Fresh(), Shipped.By(_workspace, await Latest(), "web"));
    }

    /// <summary>What a target copied over a published file, or removed, is so in the release and in the usual folder.</summary>
    private void IsByPath(IReadOnlyList<string> release)
    {
        foreach (var shipped in (IReadOnlyList<string>[])[release, Shipped.In(Path.Combine(_workspace.Folder, "Front/bin/Release/net10.0/publish"))])
        {
            var live = shipped.Single(f => f.StartsWith("copied.txt ", StringComparison.Ordinal))["copied.txt ".Length..];
            Assert.Contains($"wwwroot/index.html {live}", shipped);
            foreach (var draft in (string[])["wwwroot/draft.html ", "wwwroot/draft.css "])
                Assert.DoesNotContain(shipped, f => f.StartsWith(draft, StringComparison.Ordinal));
        }
    }

    private void Changes()
    {
        File.Delete(Path.Combine(_workspace.Folder, "Front", "wwwroot", "old.txt"));
        _workspace.Write("Front/wwwroot/new.txt", "new");
    }

    /// <summary>What the same publish puts into a folder that nobody used before, without a release.</summary>
    private async Task<IReadOnlyList<string>> Fresh(params string[] arguments)
    {
        // The targets of the project write to $(PublishDir), which -o sets as it is typed.
        var folder = Path.Combine(_workspace.Folder, "..", Guid.NewGuid().ToString("N")) + Path.DirectorySeparatorChar;
        (await _workspace.Dotnet(["publish", "Front", "-c", "Release", "-tl:off", "-o", folder, .. arguments])).Succeeded();
        return Shipped.In(folder);
    }

    /// <summary>The usual folder gets the files.</summary>
    private static bool NoFolder(string line) => !line.EndsWith("(empty folder)", StringComparison.Ordinal);

    private async Task<Release> Latest() => (await _workspace.Use(r => r.Store.ListReleases(App, 1)))[0];
}
