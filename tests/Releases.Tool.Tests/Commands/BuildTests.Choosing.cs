using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Which projects a build takes, from whatever folder it is called in.</summary>
public sealed partial class BuildTests
{
    private const string ReadLess = "Fix that, then run this again. To restore only what is deployed, name each service's project as "
        + "'build' in convox.yml.";

    [Fact]
    public async Task What_is_refused_before_anything_is_compiled_leaves_no_app()
    {
        Assert.Equal(1, await Type("deploy"));
        Sdk.Project("Shared/Shared.csproj");
        Sdk.Libraries.Add(Path.Combine(Folder, "Shared", "Shared.csproj"));
        Assert.Equal(1, await Type("deploy"));
        Assert.Null(await Rack.Store.FindApp(A.App, Ending));
    }

    [Fact]
    public async Task An_option_that_MSBuild_does_not_know_is_no_reason_to_name_projects()
    {
        Sdk.Project("Front/Front.csproj");
        Sdk.CannotRestore = "MSBUILD : error MSB1001: Unknown switch.";
        Assert.Equal(1, await Type("deploy", "--", "--bad-option"));
        Assert.Contains("error MSB1001: Unknown switch. Nothing was built. Fix that, then run this again.\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_restored_leaves_a_failed_build_with_its_log_in_an_app_that_is_there_and_nothing_else_where_it_is_not()
    {
        Sdk.Project("Front/Front.csproj");
        Sdk.CannotRestore = $"{Folder}/Front/Front.csproj : error NU1101: Unable to find package X. [{Folder}/Front/Front.csproj]";
        Assert.Equal(1, await Type("deploy"));
        Assert.Contains(
            $"error CONVOX0042: the projects can't be restored (Front/Front.csproj): {Folder}/Front/Front.csproj : error NU1101: Unable to find package X. Nothing was built. {ReadLess}", Talk, StringComparison.Ordinal);
        Assert.Null(await Rack.Store.FindApp(A.App, Ending));

        await Rack.Store.CreateApp(A.App, A.Event(), Ending);
        Assert.Equal(1, await Type("deploy"));
        Assert.Contains($"production is unchanged. {ReadLess} See the log: ", Talk, StringComparison.Ordinal);
        var build = Assert.Single(await Rack.Store.ListBuilds(A.App, 10, Ending));
        Assert.Equal(BuildStatus.Failed, build.Status);
        Assert.Contains("NU1101", Assert.Single(await Rack.Store.ReadBuildLog(A.App, build.Id, cancel: Ending)), StringComparison.Ordinal);
        Assert.Contains("NU1101", Talk.Split("\n")[0], StringComparison.Ordinal);

        Assert.Equal(1, await Type("init"));
        Assert.Contains($"Unable to find package X. Nothing was written. {ReadLess}", Talk, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Folder, "convox.yml"), "services: { web: { build: Front } }");
        Assert.Equal(1, await Type("deploy"));
        Assert.Contains("production is unchanged. Fix that, then run this again. See the log: ", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_of_several_target_frameworks_needs_one_and_says_how()
    {
        Sdk.Project("Front/Front.csproj");
        Sdk.Frameworks[Path.Combine(Folder, "Front", "Front.csproj")] = ["net9.0", "net10.0"];
        Assert.Equal(1, await Type("build"));
        Assert.Contains(
            $"error {ProblemCode.Unclear}: Front/Front.csproj has several target frameworks (net9.0, net10.0), and a release has one; nothing was built. Pass one: dotnet convox deploy -- -f net10.0", Talk, StringComparison.Ordinal);
        Assert.Null(await Rack.Store.FindApp(A.App, Ending));

        Assert.Equal(1, await Type("build", "--", "-f", "net8.0"));
        Assert.Contains("Front/Front.csproj does not target net8.0, but net9.0, net10.0", Talk, StringComparison.Ordinal);

        Assert.Equal(0, await Type("build", "--", "-f", "net10.0"));
        Assert.Contains("AdditionalProperties=\"TargetFramework=net10.0\"", Sdk.Published, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_framework_in_which_a_project_is_a_program_is_taken_and_so_is_its_own_choice()
    {
        Sdk.Project("Front/Front.csproj");
        Sdk.Frameworks[Path.Combine(Folder, "Front", "Front.csproj")] = ["net10.0"];
        Sdk.Project("Jobs/Jobs.csproj", web: false);
        Sdk.Frameworks[Path.Combine(Folder, "Jobs", "Jobs.csproj")] = ["net9.0", "net10.0"];
        Sdk.Chosen = "net9.0";
        Assert.Equal(0, await Type("build"));
        Assert.Contains("Front.csproj\" AdditionalProperties=\"TargetFramework=net10.0\"", Sdk.Published, StringComparison.Ordinal);
        Assert.Contains("Jobs.csproj\" AdditionalProperties=\"TargetFramework=net9.0\"", Sdk.Published, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_folder_for_two_programs_is_refused_and_for_one_it_is_where_it_is_as_well()
    {
        TwoServices();
        Assert.Equal(2, await Type("build", "--", "-o", "out"));
        Assert.Contains("-o names one folder for 2 programs", Talk, StringComparison.Ordinal);

        File.Delete(Path.Combine(Folder, "convox.yml"));
        Directory.Delete(Path.Combine(Folder, "Jobs"), recursive: true);
        Assert.Equal(0, await Type("build", "--", "-o:out"));
        Assert.Contains($"Properties=\"PublishDir={Folder}/out/;_CommandLineDefinedOutputPath=true\"", Sdk.Published,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_solution_does_not_hide_the_projects_beside_it()
    {
        File.WriteAllText(Path.Combine(Folder, "Shop.slnx"), "<Solution />");
        Sdk.Project("Front/Front.csproj");
        Assert.Equal(0, await Type("build"));
        Assert.Contains($"note: Shop.slnx lists no projects, so those in {Folder} are used.", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_solution_and_what_it_was_migrated_to_are_one_and_two_others_are_refused()
    {
        Sdk.Project("Front/Front.csproj");
        Solution("Shop.sln", "Front\\Front.csproj");
        Solution("Shop.slnx", "Front/Front.csproj");
        Assert.Equal(0, await Type("build"));

        Solution("Shop.sln", "Jobs\\Jobs.csproj");
        Assert.Equal(1, await Type("build"));
        Assert.Contains($"error {ProblemCode.Unclear}: {Folder} has several solutions (Shop.sln, Shop.slnx)", Talk,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_folder_of_one_project_that_one_is_published_as_with_dotnet_publish()
    {
        Sdk.Project("Front/Front.csproj");
        Sdk.Project("Jobs/Jobs.csproj", web: false);
        Solution("Shop.slnx", "Front/Front.csproj", "Jobs/Jobs.csproj");
        Assert.Equal(0, await Type("build"));

        Here = "Jobs";
        Assert.Equal(0, await Type("build"));
        Assert.Contains($"note: only Jobs.csproj is published, as this is its folder. For every project, go to {Folder}", Talk,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Front.csproj", Sdk.Published, StringComparison.Ordinal);
        var release = (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0];
        Assert.Empty(release.Missing);
        Assert.Equal(["web", "worker"], release.Services.Keys.Select(s => s.ToString()).Order());

        File.WriteAllText(Path.Combine(Folder, "convox.yml"), "services: { web: { build: Front, port: 8080 }, worker: { build: Jobs } }");
        Assert.Equal(0, await Type("build"));
        Assert.Contains("Front.csproj", Sdk.Published, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_one_file_is_told_how_to_become_a_project()
    {
        File.WriteAllText(Path.Combine(Folder, "hello.cs"), "Console.WriteLine();");
        Assert.Equal(1, await Type("build"));
        Assert.Contains("hello.cs alone isn't one; nothing was built. Make a project of it: dotnet project convert hello.cs", Talk,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_starts_the_others_on_a_developers_machine_is_no_service()
    {
        Sdk.Project("Front/Front.csproj");
        Sdk.Project("AppHost/AppHost.csproj", web: false);
        Sdk.Hosts.Add(Path.Combine(Folder, "AppHost", "AppHost.csproj"));
        Assert.Equal(0, await Type("build"));
        Assert.Equal(["web"], (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0].Services.Keys.Select(s => s.ToString()));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("Ünï+löd")]
    [InlineData("it's #1")]
    [InlineData("100% $(x); @y, z")]
    public async Task A_project_is_found_whatever_its_folder_is_called(string name)
    {
        Sdk.Project($"{name}/Front.fsproj");
        Assert.Equal(0, await Type("build"));
        Assert.Equal($"{name}/Front.fsproj", (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0].Services.Values.Single().Project);
    }

    [Theory]
    [InlineData("Shop.slnx", "<Solution><Project Pa", "(1,22)")]
    [InlineData("Shop.sln", "nothing of a solution", "(1,1)")]
    public async Task A_solution_that_cannot_be_read_is_refused_with_the_place(string name, string text, string place)
    {
        Sdk.Project("Front/Front.csproj");
        File.WriteAllText(Path.Combine(Folder, name), text);
        Assert.Equal(1, await Type("build"));
        Assert.Contains($"{name}{place}: error {ProblemCode.BuildFailed}: the projects of {name} can't be listed: ", Talk,
            StringComparison.Ordinal);
        Assert.Contains("; nothing was built.", Talk, StringComparison.Ordinal);
        Assert.Empty(Sdk.Runs);
    }

    /// <summary>A solution as the SDK writes it, with a folder and a file in it that are no projects.</summary>
    private void Solution(string name, params string[] projects)
    {
        var text = Path.GetExtension(name) == ".slnx"
            ? $"""
              <Solution>
                <Folder Name="/docs/"><File Path="readme.md" /></Folder>
                <Folder Name="/src/">{string.Concat(projects.Select(p => $"""<Project Path="{p}" Type="C#" />"""))}</Folder>
              </Solution>
              """
            : $"""

              Microsoft Visual Studio Solution File, Format Version 12.00
              Project("{"{2150E333-8FDC-42A3-9474-1A3956D46DE8}"}") = "src", "src", "{"{827E0CD3-B72D-47B6-A68D-7590B98EB39B}"}"
              EndProject
              {string.Concat(projects.Select(p => $"Project(\"{{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}}\") = \"{p}\", \"{p}\", \"{{827E0CD3-B72D-47B6-A68D-7590B98EB39C}}\"\r\nEndProject\r\n"))}
              """;
        File.WriteAllText(Path.Combine(Folder, name), text);
    }
}
