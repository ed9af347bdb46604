using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>A release has none of the files that another program publishes to the same folder at that time.</summary>
public sealed class Programs_that_share_a_publish_folder : IDisposable
{
    private readonly Workspace _workspace;
    private readonly string _shared;

    public Programs_that_share_a_publish_folder(PackedPackages packages)
    {
        _workspace = new(packages);
        _shared = Path.Combine(_workspace.Folder, "Front", "out") + Path.DirectorySeparatorChar;
        _workspace.AddProject("Front", "Microsoft.NET.Sdk", """
            <OutputType>Exe</OutputType></PropertyGroup>
            <Target Name="WaitForMailer" AfterTargets="Publish">
              <Exec Command="timeout 120 sh -c 'until [ -e ../Front/out/Mailer.dll ]; do sleep .1; done'" YieldDuringToolExecution="true" />
            </Target>
            <PropertyGroup>
            """);
        _workspace.AddProject("Mailer", "Microsoft.NET.Sdk");
        _workspace.Write("convox.yml", "services: { front: { build: Front }, mailer: { build: Mailer } }");
        _workspace.Write("Shop.slnx",
            """<Solution><Project Path="Front/Front.csproj" /><Project Path="Mailer/Mailer.csproj" /></Solution>""");
        _workspace.Write("dirs.proj", """
            <Project>
              <ItemGroup><Part Include="Front/Front.csproj;Mailer/Mailer.csproj" /></ItemGroup>
              <Target Name="Restore"><MSBuild Projects="@(Part)" Targets="Restore" Properties="MSBuildRestoreSessionId=$([System.Guid]::NewGuid())" /></Target>
              <Target Name="Publish"><MSBuild Projects="@(Part)" Targets="Publish" BuildInParallel="true" /></Target>
            </Project>
            """);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public Task That_a_property_of_a_solution_publish_names() =>
        AreApart(_workspace.Publish("Shop.slnx", "-m", $"-p:PublishDir={_shared}"));

    [Fact]
    public Task That_the_output_option_of_a_traversal_publish_names() => AreApart(_workspace.Publish("dirs.proj", "-m", "-o", _shared));

    [Fact]
    public Task That_a_property_of_a_build_names() => AreApart(_workspace.Tool("build", "--", $"-p:PublishDir={_shared}"));

    [Fact]
    public Task That_the_projects_themselves_name()
    {
        // Not below the folder of either.
        _workspace.Write("Front/Front.csproj", File.ReadAllText(Path.Combine(_workspace.Folder, "Front", "Front.csproj"))
            .Replace("../Front/out/", "../out/Front/", StringComparison.Ordinal));
        _workspace.Write("Directory.Build.targets",
            "<Project><PropertyGroup><PublishDir>$(MSBuildThisFileDirectory)out/Front/</PublishDir></PropertyGroup></Project>");
        return AreApart(_workspace.Publish("Shop.slnx", "-m"));
    }

    private async Task AreApart(Task<Outcome> publish)
    {
        (await publish).Succeeded();
        var last = (await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)))[0];
        var front = Shipped.By(_workspace, last, "front");
        Assert.Contains(front, f => f.StartsWith("Front.dll ", StringComparison.Ordinal));
        Assert.DoesNotContain(front, f => f.StartsWith("Mailer", StringComparison.Ordinal));
        Assert.DoesNotContain(Shipped.By(_workspace, last, "mailer"), f => f.StartsWith("Front", StringComparison.Ordinal));
    }
}
