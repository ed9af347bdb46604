using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>What the README commits gives a clone the package, wherever the packages of the first machine are.</summary>
public sealed class A_clone_of_an_app(PackedPackages packages)
{
    [Fact]
    public async Task Restores_with_what_the_readme_commits()
    {
        using var workspace = new Workspace(packages);
        // Without a network, as the one that `dotnet new nugetconfig` writes is without the feed of nuget.org.
        workspace.Write("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>");
        workspace.Write("Directory.Build.props", "<Project />");
        workspace.Write("shop.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
            """);
        workspace.Variables["packages"] = packages.Feed;
        workspace.Variables["NUGET_PACKAGES"] = workspace.Home.Folder;
        (await workspace.Dotnet("new", "gitignore")).Succeeded();
        await workspace.Git("init", "-q");

        (await workspace.Shell(string.Join('\n', LinesOfTheReadme()))).Succeeded();
        await workspace.Git("add", "-A");
        await workspace.Git("commit", "-qm", "an app");
        (await workspace.Shell("git clone -q . ../clone; rm -rf feed")).Succeeded();

        // With nothing in NuGet's cache that the first machine has.
        workspace.Variables["NUGET_PACKAGES"] = workspace.Home.Folder + "-of-the-clone";
        (await workspace.Shell("cd ../clone; dotnet restore")).Succeeded();
        Assert.True(Directory.Exists(Path.Combine(workspace.Variables["NUGET_PACKAGES"]!, "releases.tasks")));
    }

    private static IEnumerable<string> LinesOfTheReadme() => File.ReadLines(Path.Combine(Repository.Root, "README.md"))
        .SkipWhile(l => l != "## Release from MSBuild").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal))
        .Where(l => l.StartsWith("    ", StringComparison.Ordinal))
        .Where(l => !((string[])["dotnet new", "dotnet publish", "dotnet convox"]).Any(c => l.StartsWith("    " + c, StringComparison.Ordinal)));
}
