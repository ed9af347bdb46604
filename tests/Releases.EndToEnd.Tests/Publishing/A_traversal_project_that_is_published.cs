using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>A project that publishes others in one build, as Microsoft.Build.Traversal does: each program becomes a release.</summary>
public sealed class A_traversal_project_that_is_published : IDisposable
{
    private readonly Workspace _workspace;

    public A_traversal_project_that_is_published(PackedPackages packages)
    {
        _workspace = new(packages);
        // Each compilation of the library adds a line.
        _workspace.AddProject("Prices", "Microsoft.NET.Sdk", """
            <OutputType>Library</OutputType></PropertyGroup>
            <Target Name="Note" AfterTargets="CoreCompile"><WriteLinesToFile File="compiled.txt" Lines="once" /></Target>
            <PropertyGroup>
            """);
        _workspace.AddProject("Front");
        _workspace.Write("Front/Front.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><OutputType>Exe</OutputType><ConvoxService>front</ConvoxService></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Prices/Prices.csproj" /></ItemGroup>
            </Project>
            """);
        _workspace.AddProject("Mailer");
        _workspace.Write("Mailer/Mailer.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><OutputType>Exe</OutputType><ConvoxService>mailer</ConvoxService></PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../Prices/Prices.csproj" />
                <ProjectReference Include="../Front/Front.csproj" ReferenceOutputAssembly="false" />
              </ItemGroup>
            </Project>
            """);
        _workspace.Write("dirs.proj", """
            <Project>
              <ItemGroup><Part Include="Prices/Prices.csproj;Front/Front.csproj;Mailer/Mailer.csproj" /></ItemGroup>
              <Target Name="Restore"><MSBuild Projects="@(Part)" Targets="Restore" Properties="MSBuildRestoreSessionId=$([System.Guid]::NewGuid())" /></Target>
              <Target Name="Publish"><MSBuild Projects="@(Part)" Targets="Publish" BuildInParallel="true" /></Target>
            </Project>
            """);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Compiles_what_they_share_once()
    {
        (await _workspace.Publish("dirs.proj", "-p:ConvoxApp=shop", "-m")).Succeeded();
        var last = (await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)))[0];
        Assert.Equal(2, last.Number);
        Assert.Equal(["front", "mailer"], last.Services.Keys.Select(s => s.ToString()).Order());
        Assert.Equal(["once"], File.ReadAllLines(Path.Combine(_workspace.Folder, "Prices", "compiled.txt")));
    }
    [Fact]
    public async Task Publishes_a_program_whole_that_another_references_without_building_it()
    {
        Change("Mailer/Mailer.csproj",
            "ReferenceOutputAssembly=\"false\"", "ReferenceOutputAssembly=\"false\" BuildReference=\"false\" Private=\"false\"");
        Change("Front/Front.csproj", "</Project>", """
            <Target Name="Built" AfterTargets="Build"><WriteLinesToFile File="$(PublishDir)built.txt" Lines="built" Overwrite="true" /></Target>
            </Project>
            """);
        Change("dirs.proj", "Front/Front.csproj;Mailer/Mailer.csproj", "Mailer/Mailer.csproj;Front/Front.csproj");
        (await _workspace.Publish("dirs.proj", "-p:ConvoxApp=shop", "-m:1")).Succeeded();
        var last = (await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)))[0];
        Assert.Contains(Shipped.By(_workspace, last, "front"), f => f.StartsWith("built.txt ", StringComparison.Ordinal));
    }

    private void Change(string file, string from, string to) => _workspace.Write(
        file, File.ReadAllText(Path.Combine(_workspace.Folder, file)).Replace(from, to, StringComparison.Ordinal));
}
