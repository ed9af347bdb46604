using System.Diagnostics;
using Releases.Local;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>Every release has the code of its own publish, and all of it.</summary>
public sealed class Publishes_at_the_same_time : IDisposable
{
    private readonly Workspace _workspace;

    public Publishes_at_the_same_time(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.AddProject("Shop");
        _workspace.Variables["CONVOX_APP"] = "shop";
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Of_one_project_do_not_mix_their_files()
    {
        _workspace.Write("convox.yml", "services: { web: { build: Shop, port: 8080 } }");
        (await _workspace.Dotnet("restore", "Shop")).Succeeded();
        Outcome[] all = await Task.WhenAll(
            _workspace.Publish("Shop", "--no-restore", "-p:Version=1.0.0", "-p:ConvoxDescription=1.0.0"),
            _workspace.Publish("Shop", "--no-restore", "-p:Version=2.0.0", "-p:ConvoxDescription=2.0.0"),
            _workspace.Tool("build", "-d", "3.0.0", "--", "--no-restore", "-p:Version=3.0.0"));
        foreach (var one in all) one.Succeeded();
        Assert.Contains(all, one => one.Output.Contains("another publish of th", StringComparison.Ordinal));

        var made = await _workspace.Use(rack => rack.Store.ListReleases(AppName.Parse("shop"), 10));
        Assert.Equal(["1.0.0", "2.0.0", "3.0.0"], made.Select(r => r.Description).Order());
        foreach (var release in made)
        {
            var program = Path.Combine(_workspace.Home.ArtifactOf(release.Services.Values.Single().Artifact!.Digest), "files", "Shop.dll");
            Assert.Equal(release.Description, FileVersionInfo.GetVersionInfo(program).ProductVersion!.Split('+')[0]);
        }
    }

    [Fact]
    public async Task Begin_before_anything_was_built_there_and_end_with_an_unlocked_project_also_if_they_fail()
    {
        var file = Path.Combine(_workspace.Folder, "Shop", "obj", "Release", "net10.0", "convox", "lock");
        _workspace.Write("Shop/Program.cs", "This doesn't compile.");
        (await _workspace.Publish("Shop")).Failed();
        Assert.True(File.Exists(file));
        using var free = PublishLock.TryTake([file]);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Of_a_solution_with_a_project_that_another_references_do_not_wait_for_each_other_without_end()
    {
        _workspace.AddProject("Jobs", "Microsoft.NET.Sdk");
        _workspace.Write("Shop/Shop.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Jobs/Jobs.csproj" /></ItemGroup>
            </Project>
            """);
        _workspace.Write("shop.slnx", """<Solution><Project Path="Shop/Shop.csproj" /><Project Path="Jobs/Jobs.csproj" /></Solution>""");
        // A solution compiles before it takes turns, and MSBuild fails where two compile into one folder.
        (await _workspace.Dotnet("build", "shop.slnx", "-c", "Release")).Succeeded();
        foreach (var one in await Task.WhenAll(
            _workspace.Publish("shop.slnx", "--no-build", "-m"),
            _workspace.Publish("shop.slnx", "--no-build", "-m:1"),
            _workspace.Tool("build", "--", "--no-restore"))) one.Succeeded();
        Assert.Equal(5, (await _workspace.Use(rack => rack.Store.ListReleases(AppName.Parse("shop"), 10))).Count);
    }
}
