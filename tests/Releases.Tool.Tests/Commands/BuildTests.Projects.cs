using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Which project is which service.</summary>
public sealed partial class BuildTests
{
    [Fact]
    public async Task A_service_without_a_project_is_refused_before_anything_is_compiled()
    {
        File.WriteAllText(Path.Combine(Folder, "convox.yml"), "services: { web: { build: Front }, mailer: {} }");
        Sdk.Project("Front/Front.csproj");
        Assert.Equal(1, await Type("build"));
        Assert.Contains($"{Folder}/convox.yml(1,36): error CONVOX0002: no project found for mailer.", Talk, StringComparison.Ordinal);
        Assert.Empty(Sdk.Published);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Sdk.Runs[0].Arguments[1])));
    }

    [Fact]
    public async Task Programs_that_convox_yml_does_not_list_are_left_alone_and_named()
    {
        File.WriteAllText(Path.Combine(Folder, "convox.yml"), "services: { web: {} }");
        Sdk.Project("src/Front/Front.csproj");
        Sdk.Project("tools/Seed/Seed.csproj", web: false);
        Assert.Equal(0, await Type("build"));
        Assert.Contains("tools/Seed/Seed.csproj is no service of convox.yml, so it is not published.", Talk, StringComparison.Ordinal);
        Assert.Equal(["web"], (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0].Services.Keys.Select(s => s.ToString()));
    }

    [Fact]
    public async Task Two_projects_that_would_be_the_same_service_are_refused_and_named()
    {
        Sdk.Project("A/A.csproj");
        Sdk.Project("B/B.csproj");
        Assert.Equal(1, await Type("build"));
        Assert.Contains("the service 'web' of hello is the project A/A.csproj, so it can't also be B/B.csproj.", Talk,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_of_images_alone_needs_no_project()
    {
        File.WriteAllText(Path.Combine(Folder, "convox.yml"), "services: { cache: { image: \"redis:7\" } }");
        Rack.Stored.Pinned["redis:7"] = "redis@sha256:1";
        Assert.Equal(0, await Type("build"));
        Assert.Empty(Sdk.Runs);
        Assert.Empty((await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0].Missing);
    }

    [Fact]
    public async Task A_folder_without_projects_says_so()
    {
        Assert.Equal(1, await Type("build"));
        Assert.Contains($"there is no project in {Folder} or below; nothing was built.", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_folder_whose_projects_are_no_programs_says_so()
    {
        Sdk.Project("Shared/Shared.csproj");
        Sdk.Libraries.Add(Path.Combine(Folder, "Shared", "Shared.csproj"));
        Assert.Equal(1, await Type("build"));
        Assert.Contains("error CONVOX0042: no project here is a program to deploy", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_service_whose_project_is_not_there_compiles_nothing()
    {
        Sdk.Project("Hello.csproj");
        await File.WriteAllTextAsync(Path.Combine(Folder, "convox.yml"), "services:\n  web:\n    build: ./nowhere\n", Ending);
        Assert.Equal(1, await Type("build"));
        Assert.Contains("convox.yml(3,5): error CONVOX0002: 'build' of web is './nowhere', which doesn't exist.", Talk,
            StringComparison.Ordinal);
        Assert.Empty(Sdk.Runs);
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData("src/Other")]
    public async Task Of_a_service_whose_folder_has_no_project_publishes_no_other_one(string build)
    {
        Sdk.Project("src/Hello/Hello.csproj");
        Directory.CreateDirectory(Path.Combine(Folder, "src", "Other"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "convox.yml"), $"services:\n  web:\n    build: {build}\n", Ending);
        var isBelow = build == "..";
        Assert.Equal(isBelow ? 0 : 1, await Type("build"));
        if (isBelow) return;
        Assert.Contains("convox.yml(3,5): error CONVOX0002: no project found for web.", Talk, StringComparison.Ordinal);
        Assert.Empty(Sdk.Published);
    }
}
