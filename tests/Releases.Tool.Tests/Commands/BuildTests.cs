using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class BuildTests : Typing
{
    public BuildTests()
    {
        Sdk = new(Folder);
        Dotnet = Sdk.Run;
    }

    private FakeSdk Sdk { get; }

    [Fact]
    public async Task Publishes_every_service_and_makes_one_build_and_one_release_of_them()
    {
        TwoServices();
        Sdk.Prints.Add("  Front -> /out/");
        Assert.Equal(0, await Type("build", "-d", "the first"));
        Assert.Single(Sdk.Runs);

        var release = Assert.Single(await Rack.Store.ListReleases(A.App, 10, cancel: Ending));
        var build = Assert.Single(await Rack.Store.ListBuilds(A.App, 10, Ending));
        Assert.Equal($"Created {release.Label}: the first\n", Data);
        Assert.Equal(["jobs", "web"], release.Services.Keys.Select(s => s.ToString()).Order());
        Assert.All(release.Services.Values, s => Assert.Equal(build.Id, s.Build));
        Assert.Equal((BuildStatus.Complete, release.Id, 2), (build.Status, build.Release, build.Artifacts.Count));
        Assert.Equal(
            $"""
             Building hello in {Folder} ({build.Id})
             Publishing web (Front/Front.csproj), jobs (Jobs/Jobs.csproj)
               Front -> /out/
             Promote it: dotnet convox promote {release.Id}

             """.ReplaceLineEndings("\n"), Talk);
    }

    [Fact]
    public async Task Shows_a_description_without_what_it_would_do_to_a_terminal()
    {
        TwoServices();
        Assert.Equal(0, await Type(t => t.Attended = true, "build", "-d", "a\e[2J\u009bb"));
        Assert.EndsWith(": a [2J b\n", Data, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", Data + Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_a_folder_of_the_same_name_is_refused_and_so_is_a_change_of_its_environment()
    {
        TwoServices();
        Variables.Remove("CONVOX_APP");
        var name = AppSettings.Resolve(Folder, null, null, _ => null, FakeRackKind.Unopened).App.ToString();
        Assert.Equal(0, await Type("build", "--id"));
        Assert.Equal(0, await Type("env", "set", "A=1"));
        await Rack.Store.ChangeApp(AppName.Parse(name), app => app with { Sources = [new() { Folder = "/clientA/Api" }] },
            A.Event(), Ending);
        foreach (var words in new string[][] { ["build"], ["deploy"], ["env", "set", "A=2"], ["promote"], ["scale", "web", "2"],
            ["apps", "lock", "--reason", "x"], ["run", "web", "ls"], ["exec", "web-4f21", "ls"] })
        {
            Assert.Equal(2, await Type(words));
            Assert.Contains($"error CONVOX0022: the app '{name}' is built from /clientA/Api, and this is {Folder}. Nothing changed.", Talk,
                StringComparison.Ordinal);
        }

        Assert.Equal(0, await Type("releases"));
        Assert.Equal(0, await Type("env", "set", "A=2", "--app", name));
        Assert.Equal(0, await Type("build", "--app", name));
        Assert.Equal(0, await Type("build"));
    }

    [Fact]
    public async Task Keeps_the_log_without_the_apps_secrets()
    {
        TwoServices();
        await Rack.Store.CreateApp(A.App, A.Event(), Ending);
        Assert.Equal(0, await Type("env", "set", "TOKEN=a-long-secret"));
        Sdk.Prints.AddRange(["restored", "the token is a-long-secret"]);
        Assert.Equal(0, await Type("build", "--id"));
        Assert.DoesNotContain("a-long-secret", Talk, StringComparison.Ordinal);
        var build = (await Rack.Store.ListBuilds(A.App, 1, Ending))[0];

        Assert.Equal(0, await Type("builds", "logs", build.Id.ToString()));
        Assert.Equal("Publishing web (Front/Front.csproj), jobs (Jobs/Jobs.csproj)\nrestored\nthe token is ****\n", Data);

        Sdk.Ends = 1;
        Sdk.Prints.Add("error MSB3073: login with a-long-secret failed");
        Assert.Equal(1, await Type("--debug", "build"));
        Assert.Contains("error MSB3073: login with **** failed. No release was made", Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("a-long-secret", Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("a-long-secret", (await Rack.Store.ListBuilds(A.App, 1, Ending))[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_fails_says_the_first_error_keeps_the_log_and_makes_no_release()
    {
        TwoServices();
        Sdk.Ends = 1;
        var project = Path.Combine(Folder, "Jobs", "Jobs.csproj");
        Sdk.Prints.AddRange(["  Front -> /out/", $"{Folder}/Jobs/Program.cs(3,5): error CS1002: ; expected [{project}]",
            $"{Folder}/Jobs/Program.cs(4,5): error CS1003: another [{project}]"]);
        Assert.Equal(1, await Type("build"));

        var build = Assert.Single(await Rack.Store.ListBuilds(A.App, 10, Ending));
        Assert.EndsWith(
            $"error CONVOX0042: the build failed (Jobs/Jobs.csproj): {Folder}/Jobs/Program.cs(3,5): error CS1002: ; expected. No release was made; production is unchanged. See the log: dotnet convox builds logs {build.Id}\n",
            Talk, StringComparison.Ordinal);
        Assert.Equal(BuildStatus.Failed, build.Status);
        // Whoever reads the record has its id and its log before him.
        Assert.Equal($"Jobs/Jobs.csproj: {Folder}/Jobs/Program.cs(3,5): error CS1002: ; expected.", build.Reason);
        Assert.Empty(await Rack.Store.ListReleases(A.App, 10, cancel: Ending));
        Assert.Contains("CS1003", Assert.Single(await Rack.Store.ReadBuildLog(A.App, build.Id, cancel: Ending)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_listed_as_running_and_its_log_can_be_read_meanwhile()
    {
        TwoServices();
        Sdk.Prints.Add("compiling");
        BuildStatus? seen = null;
        Sdk.WhilePublishing = async () => seen = (await Rack.Store.ListBuilds(A.App, 1, Ending))[0].Status;
        Assert.Equal(0, await Type("build"));
        Assert.Equal(BuildStatus.Running, seen);
    }

    [Fact]
    public async Task Can_be_followed_to_its_end_from_elsewhere()
    {
        await Rack.Store.App(cancel: Ending);
        var build = A.Build(BuildStatus.Running) with { StartedAt = Time.GetUtcNow() };
        await Rack.Store.SaveBuild(build, Ending);
        await Rack.Store.AppendBuildLog(A.App, build.Id, 0, "compiling\n", Ending);
        var following = Begin(_ => { }, Ending, "builds", "logs", build.Id.ToString(), "-f");
        await Rack.Store.AppendBuildLog(A.App, build.Id, 0, "compiling\npublishing\n", Ending);
        await Rack.Store.SaveBuild(build with { Status = BuildStatus.Failed, Reason = "the disk is full" }, Ending);
        await Time.PassesUntil(following);

        Assert.Equal(0, await following);
        Assert.Equal("compiling\npublishing\n", Data);
        Assert.Equal($"Build {build.Id} failed: the disk is full\n", Talk);
        Assert.Equal(2, await Type("builds", "logs", build.Id.ToString(), "-f", "--json"));
    }

    [Fact]
    public async Task What_cannot_be_restored_is_told_with_the_project_it_is_of()
    {
        TwoServices();
        Sdk.Ends = 1;
        Sdk.PrintsOf = solution => [$"{Folder}/Jobs/Jobs.csproj : error NU1101: Unable to find package X. [{solution}]"];
        Assert.Equal(1, await Type("build"));
        Assert.Contains($" failed: {Folder}/Jobs/Jobs.csproj : error NU1101: Unable to find package X. No release was made", Talk,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_full_disk_says_that_it_is_full()
    {
        TwoServices();
        Sdk.WhilePublishing = () => throw new IOException("No space left on device : '/tmp/x'", 28);
        Assert.Equal(1, await Type("build"));
        Assert.EndsWith(
            $"error {ProblemCode.DiskFull}: the disk is full: No space left on device : '/tmp/x'. Free some space and run the command again.\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_lost_with_its_log()
    {
        TwoServices();
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, goOn) =>
            method.Name == nameof(IReleaseStore.AppendBuildLog) ? Task.FromException(new IOException("the disk is full")) : goOn());
        Sdk.Prints.Add("compiling");
        Assert.Equal(0, await Type("build"));
        Assert.Contains("\ncompiling\nnote: part of this log couldn't be stored: the disk is full\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_projects_that_share_a_publish_folder_is_refused()
    {
        TwoServices();
        Sdk.PublishesTo = Path.Combine(Folder, "out");
        Directory.CreateDirectory(Sdk.PublishesTo);
        Assert.Equal(1, await Type("build"));
        Assert.Contains(
            $"error CONVOX0042: {Folder}/Front/Front.csproj and {Folder}/Jobs/Jobs.csproj were published to the same folder, {Folder}/out, which mixes their files.",
            Talk, StringComparison.Ordinal);
        Assert.Empty(await Rack.Store.ListReleases(A.App, 1, cancel: Ending));
    }

    [Fact]
    public async Task That_is_interrupted_is_marked_failed()
    {
        TwoServices();
        using var interrupt = new CancellationTokenSource();
        Sdk.WhilePublishing = () => interrupt.CancelAsync();
        Assert.Equal(130, await Begin(_ => { }, interrupt.Token, "build"));
        var build = Assert.Single(await Rack.Store.ListBuilds(A.App, 10, Ending));
        Assert.Equal((BuildStatus.Failed, "It was cancelled."), (build.Status, build.Reason));
        Assert.EndsWith("Interrupted. No release was made; production is unchanged.\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_two_hyphens_goes_to_MSBuild_and_other_words_are_refused()
    {
        TwoServices();
        Assert.Equal(0, await Type("build", "--", "-p:Version=1.2.3", "-p:ConvoxRelease=true"));
        Assert.All(Sdk.Runs, r => Assert.Equal(
            ["-p:Version=1.2.3", "-p:ConvoxRelease=true", "-p:ConvoxRelease=false", "-p:ConvoxPromote=false"], r.Arguments.TakeLast(4)));
        Assert.Equal(2, await Type("build", "everything"));
        Assert.Contains("'everything' is one argument too many", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_is_not_there_is_refused_before_anything_is_compiled()
    {
        TwoServices();
        Assert.Equal(1, await Type("build", "--from", "active"));
        Assert.Contains("hello has no active release; nothing has been promoted yet.", Talk, StringComparison.Ordinal);
        Assert.Empty(Sdk.Runs);
    }

    private void TwoServices()
    {
        File.WriteAllText(Path.Combine(Folder, "convox.yml"), "services: { web: { build: Front, port: 8080 }, jobs: { build: Jobs } }");
        Sdk.Project("Front/Front.csproj");
        Sdk.Project("Jobs/Jobs.csproj", web: false);
    }

    [Fact]
    public async Task Without_the_sdk_that_global_json_asks_for_says_which_one_is_missing()
    {
        TwoServices();
        Sdk.Ends = 145;
        Sdk.Prints.AddRange(["A compatible .NET SDK was not found.",
            "Install the [9.9.999] .NET SDK or update [/app/global.json] to match an installed SDK.", "10.0.401 [/usr/share/dotnet/sdk]"]);
        Assert.Equal(1, await Type("build"));
        Assert.Contains("Install the [9.9.999] .NET SDK or update [/app/global.json] to match an installed SDK. No release was made", Talk,
            StringComparison.Ordinal);
    }
}
