using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>With <c>-graph</c>, MSBuild builds what a project references before the project, with the same properties.</summary>
public sealed class A_publish_with_a_graph : IDisposable
{
    private readonly Workspace _workspace;

    // The Web SDK itself asks for more than its graph has, so -isolate is for other programs.
    public A_publish_with_a_graph(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.AddProject("Front", "Microsoft.NET.Sdk");
        _workspace.AddProject("Mailer", "Microsoft.NET.Sdk");
        _workspace.Write("Mailer/Mailer.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Front/Front.csproj" /></ItemGroup>
            </Project>
            """);
        _workspace.Write("convox.yml", "services: { mailer: { build: Mailer } }");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("-graph")]
    [InlineData("-graph", "-isolate")]
    public async Task Makes_no_service_of_what_the_project_references(params string[] options)
    {
        (await _workspace.Dotnet("restore", "Mailer")).Succeeded();
        (await _workspace.Publish("Mailer", ["--no-restore", .. options])).Succeeded();
        var release = Assert.Single(await _workspace.Use(r => r.Store.ListReleases(AppName.Parse("shop"), 10)));
        Assert.Equal("mailer", Assert.Single(release.Services).Key.ToString());
        Assert.False(File.Exists(Path.Combine(_workspace.Folder, "Front", "obj", "Release", "net10.0", "convox", "lock")));
    }
}
