using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>The check runs while MSBuild prepares the compilation, and no compiler starts before it is done.</summary>
public sealed class A_publish_that_is_refused : IDisposable
{
    private readonly Workspace _workspace;

    public A_publish_that_is_refused(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.AddProject("Library", "Microsoft.NET.Sdk", "<OutputType>Library</OutputType>");
        _workspace.AddProject("Alone");
        _workspace.AddProject("Web");
        _workspace.Write("Web/Web.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Library/Library.csproj" /></ItemGroup>
            </Project>
            """);
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("Alone")]
    [InlineData("Web")]
    public async Task Compiles_nothing(string project)
    {
        var refused = (await _workspace.Publish(project, "-p:ConvoxService=no-such-service-", "-p:ConvoxApp=shop")).Failed();
        var error = Assert.Single(refused.Lines.Distinct(), l => l.Contains("error ", StringComparison.Ordinal));
        Assert.Contains("no-such-service-", error, StringComparison.Ordinal);
        Assert.Empty(Compiled());
        Assert.False(Directory.Exists(_workspace.Home.Artifacts));

        (await _workspace.Publish(project, "-p:ConvoxApp=shop")).Succeeded();
        Assert.Contains(Compiled(), f => Path.GetFileName(f) == $"{project}.dll");
    }

    [Fact]
    public async Task Without_a_build_before_it_publishes_nothing()
    {
        (await _workspace.Dotnet("build", "Alone", "-c", "Release", "-tl:off")).Succeeded();
        var refused = (await _workspace.Publish("Alone", "--no-build", "-p:ConvoxFrom=RNOSUCHONEX", "-p:ConvoxApp=shop")).Failed();
        Assert.Contains("RNOSUCHONEX", refused.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_workspace.Folder, "Alone/bin/Release/net10.0/publish")));
    }

    [Fact]
    public async Task With_another_value_than_true_or_false_makes_no_release_and_warns()
    {
        var published = (await _workspace.Dotnet("publish", "Alone", "-c", "Release", "-tl:off", "-p:ConvoxRelease=1")).Succeeded();
        Assert.Contains("warning CONVOX0032: ConvoxRelease is '1' and only 'true' makes a release, so none is made.", published.Output,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_workspace.Home.Folder));
    }

    [Theory]
    [InlineData("NETCoreSdkVersion=9.0.305", "CONVOX0020",
        "the .NET SDK 9.0.305 can't make a release. Install the .NET SDK 10 (https://dot.net)")]
    [InlineData("CustomAfterDirectoryBuildTargets=nothing.targets", "CONVOX0032",
        "no release would be made, because the command line or a later import replaces CustomAfterDirectoryBuildTargets.")]
    public async Task Where_none_can_be_made_compiles_nothing(string property, string code, string reason)
    {
        _workspace.Write("Alone/nothing.targets", "<Project />");
        var refused = (await _workspace.Publish(
            "Alone", $"-p:{property.Replace("nothing", $"{_workspace.Folder}/Alone/nothing", StringComparison.Ordinal)}",
            "-p:ConvoxApp=shop")).Failed();
        Assert.Contains($"error {code}: {reason}", refused.Output, StringComparison.Ordinal);
        Assert.Empty(Compiled());
    }

    [Theory]
    [InlineData("NETCoreSdkVersion=9.0.305")]
    [InlineData("CustomAfterDirectoryBuildTargets=nothing.targets")]
    public async Task Is_only_refused_when_it_is_published(string property)
    {
        _workspace.Write("Alone/nothing.targets", "<Project />");
        (await _workspace.Dotnet(
            "build", "Alone", "-c", "Release", "-tl:off", "-p:ConvoxRelease=true",
            $"-p:{property.Replace("nothing", $"{_workspace.Folder}/Alone/nothing", StringComparison.Ordinal)}")).Succeeded();
        Assert.False(Directory.Exists(_workspace.Home.Folder));
    }

    [Theory]
    [InlineData("-warnaserror:CONVOX0002")]
    [InlineData("-p:MSBuildTreatWarningsAsErrors=true")]
    public async Task Whose_warnings_are_errors_makes_no_release(string errors)
    {
        _workspace.Write("convox.yml", "services:\n  web:\n    build: Alone\n    port: 8080\n    privileged: true\n");
        var warned = (await _workspace.Publish("Alone", errors, "-p:ConvoxApp=shop")).Failed();
        Assert.Contains(
            "error CONVOX0042: CONVOX0002 is an error in this build, so no release was made.", warned.Output, StringComparison.Ordinal);
        Assert.Empty(await _workspace.Use(rack => rack.Store.ListReleases(AppName.Parse("shop"), 10)));
        var build = Assert.Single(await _workspace.Use(rack => rack.Store.ListBuilds(AppName.Parse("shop"), 10)));
        Assert.Equal(BuildStatus.Failed, build.Status);

        (await _workspace.Publish("Alone", "-p:ConvoxApp=shop")).Succeeded();
        Assert.Single(await _workspace.Use(rack => rack.Store.ListReleases(AppName.Parse("shop"), 10)));
    }

    [Fact]
    public async Task A_release_whose_id_cannot_be_written_is_named_in_one_error()
    {
        var missing = Path.Combine(_workspace.Folder, "no-such-folder", "output");
        _workspace.Variables["GITHUB_OUTPUT"] = missing;
        var failed = (await _workspace.Publish("Alone", "-p:ConvoxApp=shop")).Failed();
        var release = Assert.Single(await _workspace.Use(async rack => await rack.Store.ListReleases(AppName.Parse("shop"), 10)));
        var error = Assert.Single(failed.Lines.Distinct(), l => l.Contains("error ", StringComparison.Ordinal));
        Assert.Contains(
            $"error CONVOX0034: release {release.Id} was made, but its id can't be written to {missing} (GITHUB_OUTPUT): ", error,
            StringComparison.Ordinal);
        Assert.EndsWith($"Promote it: dotnet convox promote {release.Id} --app shop", error, StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Compiled() => [.. Directory.EnumerateFiles(_workspace.Folder, "*.dll", SearchOption.AllDirectories)];
}
