using Releases.Aws.Tests.Matrix;
using Releases.Aws.Tests.Tasks;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Running;

/// <summary><c>run -it</c> on AWS: a task of its own with a session of ECS Exec, and nothing of it left afterwards.</summary>
public sealed class EcsInteractiveTests(DynamoDbLocal dynamo) : RackTests(dynamo, "interactive")
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-interactive-").FullName;

    private StandaloneTasks Tasks => Rack.Ecs.StandaloneTasks;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_session_is_opened_in_a_task_and_the_commands_exit_code_is_the_tools()
    {
        var app = await Promoted();
        Tasks.Behaviors.Enqueue(new(TimeSpan.FromHours(1), 7) { SessionTakes = TimeSpan.FromSeconds(2) });
        var ran = await Run(app, "bash", "-l");
        Assert.True(ran.Code == 7, ran.Text);
        var task = Assert.Single(Tasks.All);
        Assert.True(task.Input["enableExecuteCommand"]!.GetValue<bool>());
        var executed = Assert.Single(Rack.Ecs.Executed);
        Assert.Equal((task.Arn, "web"), (executed.Task, executed.Container));
        Assert.Contains("bash -l", executed.Command, StringComparison.Ordinal);
        Assert.True(File.Exists(Rack.Plugin + ".told"));
        var container = ATaskRelease.Container(Rack.Ecs.Definitions.Definition(task.Definition));
        Assert.Equal("""["sh","-c"]""", container["entryPoint"]!.ToJsonString());
        Assert.True(container["linuxParameters"]!["initProcessEnabled"]!.GetValue<bool>());
        Assert.Null(task.StoppedFor);
        RequireNothingIsLeft();
    }

    [Fact]
    public async Task Without_the_plugin_nothing_is_started()
    {
        var app = await Promoted();
        Rack.Plugin = null;
        var ran = await Run(app, "bash");
        Assert.Equal(1, ran.Code);
        Assert.Contains("session-manager-plugin isn't installed, and ECS Exec needs it.", ran.Text, StringComparison.Ordinal);
        Assert.Empty(Tasks.All);
    }

    [Fact]
    public async Task A_command_that_outlives_its_session_is_stopped()
    {
        var app = await Promoted();
        Tasks.Behaviors.Enqueue(new(TimeSpan.FromHours(1)));
        var ran = await Run(app, "bash");
        Assert.True(ran.Code == 143, ran.Text);
        Assert.StartsWith("Interrupted by ", Assert.Single(Tasks.All).StoppedFor, StringComparison.Ordinal);
        RequireNothingIsLeft();
    }

    [Theory]
    [InlineData("DescribeTasks")]
    [InlineData("ExecuteCommand")]
    public async Task Interrupted_at_any_moment_its_task_is_stopped(string during)
    {
        var app = await Promoted();
        Tasks.Behaviors.Enqueue(new(TimeSpan.FromHours(1)));
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Rack.Ecs.OnRequest = operation =>
        {
            if (operation == during) interrupted.Cancel();
        };
        var ran = await Run(app, interrupted.Token, "bash");
        Assert.True(ran.Code == 130, ran.Text);
        Assert.NotNull(Assert.Single(Tasks.All).StoppedFor);
        RequireNothingIsLeft();
    }

    [Fact]
    public async Task Where_ECS_Exec_never_gets_ready_the_reason_is_given_and_the_task_is_stopped()
    {
        var app = await Promoted();
        Tasks.Behaviors.Enqueue(new(TimeSpan.FromHours(1)) { LacksAgent = true });
        var ran = await Run(app, "bash");
        Assert.Equal(1, ran.Code);
        Assert.Contains("ECS Exec wasn't ready in the task ", ran.Text, StringComparison.Ordinal);
        Assert.Contains("ssmmessages:CreateControlChannel", ran.Text, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(Tasks.All).StoppedFor);
        RequireNothingIsLeft();
    }

    [Fact]
    public async Task A_container_that_cannot_start_is_named()
    {
        var app = await Promoted();
        Tasks.Behaviors.Enqueue(new(TimeSpan.Zero, null) { Reason = "CannotStartContainerError: exec: \"sh\": not found" });
        var ran = await Run(app, "bash");
        Assert.Equal(1, ran.Code);
        Assert.Contains("exec: \"sh\": not found", ran.Text, StringComparison.Ordinal);
        Assert.Empty(Rack.Ecs.Executed);
    }

    private async Task<MatrixApp> Promoted()
    {
        var app = await Rack.MakeApp();
        Assert.Equal(0, (await Rack.Type(app.Name, Rack.Cluster, Cancel, "promote")).Code);
        Rack.Plugin = Path.Combine(_folder, "session-manager-plugin");
        await File.WriteAllTextAsync(Rack.Plugin, "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$0.told\"\n", Cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Rack.Plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return app;
    }

    private Task<MatrixRun> Run(MatrixApp app, params string[] words) => Run(app, Cancel, words);

    private Task<MatrixRun> Run(MatrixApp app, CancellationToken cancel, params string[] words) =>
        Rack.Type(app.Name, Rack.Cluster, cancel, ["run", "-it", "web", .. words]);

    private void RequireNothingIsLeft()
    {
        var task = Tasks.All[^1];
        Rack.Ecs.Virtual.Advance(TimeSpan.FromSeconds(10));
        Assert.False(task.Runs(Rack.Ecs.Virtual.GetUtcNow()));
        Assert.Empty(Rack.Ecs.Definitions.Active(Rack.Ecs.Definitions.Definition(task.Definition)["family"]!.ToString()));
    }
}
