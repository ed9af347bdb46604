using Releases.Testing.Simulation.Ecs;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Aws;

/// <summary>The packed task package and the native tool against everything of AWS on loopback, from an empty account on.</summary>
public sealed class A_release_on_AWS(PackedPackages packages) : IAsyncLifetime
{
    private readonly AwsStage _aws = new(packages);

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task Goes_from_publish_over_registry_table_and_service_to_active_and_back()
    {
        var tooEarly = await _aws.Run("apps");
        Assert.True(tooEarly.ExitCode == 1 && tooEarly.Error.Contains("dotnet convox rack init", StringComparison.Ordinal), tooEarly.All);
        await _aws.Do("rack", "init");
        Assert.Contains("The table convox-production exists.", (await _aws.Run("rack", "init")).Error, StringComparison.Ordinal);
        Assert.Contains("ready", await _aws.Do("rack"), StringComparison.Ordinal);
        await _aws.Do("rack", "check");

        var refused = await _aws.Workspace.Publish("Web", $"-p:ContainerBaseImage={_aws.Registry.Host}/nowhere:1");
        Assert.True(refused.ExitCode != 0, refused.Output);
        var left = System.Text.Json.JsonDocument.Parse(await _aws.Do("builds", "--json")).RootElement.EnumerateArray().Single();
        Assert.Equal(
            ("failed", "The container image wasn't pushed. The output of dotnet publish has the reason."),
            (left.GetProperty("status").GetString(), left.GetProperty("reason").GetString()));

        var published = await _aws.Workspace.Publish("Web");
        Assert.True(published.ExitCode == 0, published.Output);
        var made = _aws.Workspace.ReleaseFile("Web");
        var (release, build) = (made.GetProperty("release").GetString()!, made.GetProperty("build").GetString()!);
        Assert.Equal("sha256", (await _aws.Registry.Manifest("convox/shop-web", build))["config"]!["digest"]!.GetValue<string>()[..6]);
        Assert.Contains(release, await _aws.Do("releases"), StringComparison.Ordinal);

        var promoted = await _aws.Run("promote");
        Assert.True(promoted is { ExitCode: 0 } && promoted.Out.Contains($"({release}) is active", StringComparison.Ordinal), promoted.All);
        Assert.Contains(release, await _aws.Do("services"), StringComparison.Ordinal);
        Assert.Contains("healthy", await _aws.Do("ps"), StringComparison.Ordinal);
        Assert.Contains("no database", await _aws.Do("logs"), StringComparison.Ordinal);
        Assert.Contains("running", await _aws.Do("apps"), StringComparison.Ordinal);

        await _aws.Do("env", "set", "PASSWORD=correct horse", "--promote");
        var definition = _aws.Ecs.Definitions.Definition(_aws.Ecs.Runs("shop-web")!).ToJsonString();
        Assert.Contains(":PASSWORD::", definition, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", definition, StringComparison.Ordinal);

        _aws.NextBehaviors(new TaskBehavior.Fails(TimeSpan.FromSeconds(1)));
        var failed = await _aws.Run("env", "set", "PASSWORD=wrong horse", "--promote");
        Assert.True(failed.ExitCode == 3, failed.All);
        Assert.Contains("web exited with code 3; 3 tasks failed; the limit is 3. ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("  no database", failed.Error, StringComparison.Ordinal);

        var back = await _aws.Run("rollback");
        Assert.True(back.ExitCode == 0, back.All);
        Assert.DoesNotContain(":PASSWORD::", _aws.Ecs.Definitions.Definition(_aws.Ecs.Runs("shop-web")!).ToJsonString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_deployed_by_the_tool_alone_from_projects_that_know_nothing_of_releases()
    {
        await _aws.Do("rack", "init");
        _aws.Workspace.Write("Directory.Build.props",
            "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>");
        var deployed = await _aws.Run("deploy", "-d", "the first");
        Assert.True(deployed.ExitCode == 0 && deployed.Out.Contains(" is active", StringComparison.Ordinal), deployed.All);

        var build = System.Text.Json.JsonDocument.Parse(await _aws.Do("builds", "--json")).RootElement[0].GetProperty("id").GetString()!;
        var image = _aws.Ecs.Definitions.Definition(_aws.Ecs.Runs("shop-web")!)["containerDefinitions"]![0]!["image"]!.GetValue<string>();
        Assert.StartsWith($"{_aws.Registry.Host}/convox/shop-web@sha256:", image, StringComparison.Ordinal);
        Assert.Equal(await _aws.Registry.Digest("convox/shop-web", build), image.Split('@')[1]);
        Assert.Contains("Publishing web (Web/Web.csproj)", await _aws.Do("builds", "logs", build), StringComparison.Ordinal);

        _aws.Workspace.Write("Web/Program.cs", "Console.WriteLine(1)");
        var broken = await _aws.Run("deploy");
        Assert.True(broken.ExitCode == 1 && broken.Error.Contains("error CONVOX0042: ", StringComparison.Ordinal), broken.All);
        Assert.Equal(2, _aws.Ecs["shop-web"].Deployments.Count);
    }

    [Fact]
    public async Task Names_an_image_that_is_in_its_registry_whatever_the_projects_properties_say()
    {
        await _aws.Do("rack", "init");
        string[] elsewhere = ["-p:PublishProfile=DefaultContainer", "-p:ContainerRegistry=nowhere.example", "-p:ContainerRepository=mine",
            "-p:ContainerImageTag=mine", "-p:ContainerImageName=mine", "-p:ContainerArchiveOutputPath=image.tar.gz",
            "-p:RegistryUrl=nowhere.example", "-p:PublishImageTag=mine", "-p:AutoGenerateImageTag=true"];
        (await _aws.Workspace.Publish("Web", elsewhere)).Succeeded();
        await _aws.Registry.Manifest("convox/shop-web", _aws.Workspace.ReleaseFile("Web").GetProperty("build").GetString()!);

        await _aws.Do(["build", "--", .. elsewhere]);
        var built = System.Text.Json.JsonDocument.Parse(await _aws.Do("builds", "--json")).RootElement[0].GetProperty("id").GetString()!;
        await _aws.Registry.Manifest("convox/shop-web", built);
        Assert.Empty(Directory.GetFiles(_aws.Workspace.Folder, "image.tar.gz", SearchOption.AllDirectories));

        // A target of the project's own makes it first.
        _aws.Workspace.Write("Web/Directory.Build.targets", """
            <Project>
              <PropertyGroup><ContainerArchiveOutputPath>image.tar.gz</ContainerArchiveOutputPath></PropertyGroup>
              <Target Name="Own" AfterTargets="Publish" DependsOnTargets="PublishContainer" />
            </Project>
            """);
        var refused = (await _aws.Workspace.Publish("Web")).Failed();
        Assert.Matches("error CONVOX0018: the SDK made the image .*/convox/shop-web@sha256:[0-9a-f]+, but didn't push it there.", refused.Output);
        Assert.Equal(2, System.Text.Json.JsonDocument.Parse(await _aws.Do("releases", "--json")).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Is_seen_through_by_another_command_when_its_own_is_killed_and_left_to_ECS_when_it_is_interrupted()
    {
        await _aws.Do("rack", "init");
        Assert.True((await _aws.Workspace.Publish("Web")) is { ExitCode: 0 });
        _aws.NextBehaviors(new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(8)));
        var killed = _aws.Start("promote");
        await DeploymentBegins(1);
        TestRack.Signal(killed.ProcessId, "KILL");
        await killed.Ended;

        var busy = await _aws.Run("promote");
        Assert.True(busy.ExitCode == 5, busy.All);
        Assert.Contains("promoting", await _aws.Do("releases"), StringComparison.Ordinal);
        var watched = await _aws.Run("watch");
        Assert.True(watched.ExitCode == 0 && watched.Error.Contains("gave no sign for 12s", StringComparison.Ordinal), watched.All);
        Assert.Equal(2, _aws.Ecs["shop-web"].Deployments.Count);

        _aws.NextBehaviors(new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(8)));
        var left = await _aws.Run("promote", "--detach");
        Assert.True(left.ExitCode == 0 && left.Error.Contains("continues on ECS", StringComparison.Ordinal), left.All);
        var waited = await _aws.Run("promote", "--wait-lock", "2m");
        Assert.True(waited.ExitCode == 0, waited.All);
        Assert.Equal(4, _aws.Ecs["shop-web"].Deployments.Count);
    }

    [Fact]
    public async Task Runs_its_release_command_before_anything_is_touched_and_other_commands_beside_it()
    {
        await _aws.Do("rack", "init");
        _aws.Workspace.Write("convox.yml", "services:\n  web:\n    build: Web\n    port: 8080\n    release: ./migrate\n");
        Assert.True((await _aws.Workspace.Publish("Web")) is { ExitCode: 0 });
        var commands = _aws.Ecs.StandaloneTasks;
        commands.Behaviors.Enqueue(new(TimeSpan.FromSeconds(1), 3) { Lines = ["no such table"] });
        var refused = await _aws.Run("promote");
        Assert.True(refused.ExitCode == 3 && refused.Error.Contains("the release command of web exited with code 3. No process was replaced",
            StringComparison.Ordinal), refused.All);
        Assert.Contains("no such table", refused.Error, StringComparison.Ordinal);
        Assert.Single(_aws.Ecs["shop-web"].Deployments);

        await _aws.Do("promote");
        Assert.Equal((2, 2), (commands.All.Count, _aws.Ecs["shop-web"].Deployments.Count));

        commands.Behaviors.Enqueue(new(TimeSpan.FromSeconds(3), 7) { Lines = ["hello", "from a task"] });
        var ran = await _aws.Run("run", "web", "./Web", "--version");
        Assert.True((ran.ExitCode, ran.Out) == (7, "hello\nfrom a task\n"), ran.All);
        Assert.Equal("[\"--version\"]",
            _aws.Ecs.Definitions.Definition(commands.All[2].Definition)["containerDefinitions"]![0]!["command"]!.ToJsonString());

        commands.Behaviors.Enqueue(new(TimeSpan.FromHours(1)));
        var left = _aws.Start("run", "web", "sleep 3600");
        await Patience.Until(() => commands.All.Count == 4);
        TestRack.Signal(left.ProcessId, "INT");
        var interrupted = await left.Ended;
        Assert.True(interrupted.ExitCode == 130, interrupted.All);
        Assert.Equal("Interrupted by somebody@box.", commands.All[3].StoppedFor);
    }

    /// <summary>ECS was asked so often to deploy.</summary>
    private Task DeploymentBegins(int times) => Patience.Until(() => _aws.Ecs["shop-web"].Deployments.Count > times);
}
