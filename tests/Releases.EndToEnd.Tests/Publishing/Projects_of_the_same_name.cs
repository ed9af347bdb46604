using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

public sealed class Projects_of_the_same_name : IDisposable
{
    private readonly Workspace _workspace;

    public Projects_of_the_same_name(PackedPackages packages)
    {
        _workspace = new(packages);
        foreach (var folder in (string[])["a", "b"])
        {
            _workspace.Write($"{folder}/Api/Api.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
            _workspace.Write($"{folder}/Api/Program.cs", $"""Console.WriteLine("{folder}");""");
        }

        _workspace.Write("convox.yml", "services: { first: { build: a/Api, port: 8080 }, second: { build: b/Api, port: 8081 } }");
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Are_built_together()
    {
        (await _workspace.Tool("build")).Succeeded();
        var release = Assert.Single(await _workspace.Use(rack => rack.Store.ListReleases(AppName.Parse("shop"), 10)));
        Assert.Equal(["first", "second"], release.Services.Keys.Select(s => s.ToString()).Order());
        Assert.Equal(2, release.Services.Values.Select(s => s.Artifact!.Digest).Distinct().Count());
    }
}
