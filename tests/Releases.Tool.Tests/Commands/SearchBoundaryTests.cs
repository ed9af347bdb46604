using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What MSBuild and the SDK find above the folder of a build.</summary>
public sealed class SearchBoundaryTests : IDisposable
{
    private const string Versions = """{ "msbuild-sdks": { "MSTest.Sdk": "3.8.3" } }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convox-boundary-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_versions_of_SDKs_are_those_of_the_app()
    {
        var (build, app) = (_folder.CreateSubdirectory("build"), _folder.CreateSubdirectory("repository/apps/shop"));
        File.WriteAllText(Path.Combine(_folder.FullName, "repository", "global.json"), Versions);
        SearchBoundary.WriteTo(build.FullName, app.FullName);
        Assert.Equal(Versions, File.ReadAllText(Path.Combine(build.FullName, "global.json")));
    }

    [Fact]
    public void Without_an_app_nothing_above_the_folder_counts()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "global.json"), Versions);
        var build = _folder.CreateSubdirectory("build");
        SearchBoundary.WriteTo(build.FullName);
        Assert.Equal("{}\n", File.ReadAllText(Path.Combine(build.FullName, "global.json")));
    }
}
