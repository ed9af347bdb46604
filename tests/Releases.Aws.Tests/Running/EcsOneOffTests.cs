using System.Text.Json.Nodes;
using Releases.Aws.Tests.Engine;
using Releases.Aws.Tests.Tasks;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Running;

/// <summary>One-off processes as tasks: followed line by line to the exit code of their container, and nothing of them is left.</summary>
public sealed class EcsOneOffTests : IAsyncLifetime
{
    private const string Family = "production-hello-web-convox-run";

    private readonly Caller _caller = new();
    private EcsScenario _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task It_has_the_code_and_environment_of_the_release_and_gives_its_lines_and_its_exit_code()
    {
        _app.World.Logs.PageSize = 2;
        NextBehaviors(new(TimeSpan.FromSeconds(30), 7) { Lines = [.. Enumerable.Range(1, 25).Select(n => $"line {n}")] });
        Assert.Equal(7, await Run("./Web", "--all"));

        Assert.Equal(Enumerable.Range(1, 25).Select(n => $"line {n}"), _caller.Printed);
        var task = _app.Ecs.StandaloneTasks.All.Single();
        Assert.Equal($"web of {_app.V1.Id} runs it as task {task.Id}.", _caller.Notes.Single());
        var container = ATaskRelease.Container(_app.Ecs.Definitions.Definition(task.Definition));
        Assert.Equal("[\"./Web\"] [\"--all\"]", $"{container["entryPoint"]!.ToJsonString()} {container["command"]!.ToJsonString()}");
        Assert.Contains($"RELEASE={_app.V1.Id}", ATaskRelease.Entries(container, "environment"));
        Assert.DoesNotContain("PORT=8080", ATaskRelease.Entries(container, "environment"));
        Assert.Contains(ATaskRelease.Entries(container, "secrets"),
            e => e.EndsWith($":SECRET::{_app.V1.Environment}", StringComparison.Ordinal));
        Assert.Equal(Family, _app.Ecs.Definitions.Definition(task.Definition)["family"]!.ToString());
        Assert.Equal((0, 0), (_app.Ecs.Definitions.Active(Family).Count(), _app.Deployments("web")));
    }

    /// <summary>CloudWatch may answer with an empty page although there are more lines.</summary>
    [Fact]
    public async Task An_empty_page_is_not_the_end_of_its_lines()
    {
        (_app.World.Logs.PageSize, _app.World.Logs.EmptyPages) = (2, 3);
        NextBehaviors(new(TimeSpan.FromSeconds(30)) { Lines = [.. Enumerable.Range(1, 25).Select(n => $"line {n}")] });
        Assert.Equal(0, await Run("once"));
        Assert.Equal(Enumerable.Range(1, 25).Select(n => $"line {n}"), _caller.Printed);
    }

    [Theory]
    [InlineData("RunTask", Fault.ResponseLost, 0)]
    [InlineData("RunTask", Fault.NoResponse, 3)]
    [InlineData("RunTask", Fault.ConnectionLost, 0)]
    [InlineData("RunTask", Fault.Throttled, 0)]
    [InlineData("RegisterTaskDefinition", Fault.ResponseLost, 0)]
    [InlineData("RegisterTaskDefinition", Fault.BrokenResponse, 0)]
    [InlineData("RegisterTaskDefinition", Fault.FamilyBusy, 0)]
    [InlineData("DescribeTasks", Fault.Unavailable, 3)]
    public async Task Whatever_goes_wrong_with_a_call_it_runs_once_and_leaves_no_revision(string operation, Fault fault, int laggingReads)
    {
        _app.Ecs.LaggingReads = laggingReads;
        _app.Ecs.FailNext(operation, fault);
        NextBehaviors(new(TimeSpan.FromSeconds(20)) { Lines = ["once"] });
        Assert.Equal(0, await Run("once"));
        Assert.Equal((1, "once", 0),
            (_app.Ecs.StandaloneTasks.All.Count, _caller.Printed.Single(), _app.Ecs.Definitions.Active(Family).Count()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Interrupted_it_is_ended_and_what_it_printed_until_then_is_told(bool ignoresStop)
    {
        NextBehaviors(new(TimeSpan.FromHours(1))
        { Lines = ["one", "two", "three", "four", "five", "six", "seven"], IgnoresStop = ignoresStop });
        _app.Ecs.FailNext("StopTask", Fault.ConnectionLost, Fault.ResponseLost);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var looks = 0;
        _app.Ecs.OnRequest = operation =>
        {
            if (operation == "DescribeTasks" && ++looks == 5) interrupted.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(interrupted.Token, "sleep"));

        var task = _app.Ecs.StandaloneTasks.All.Single();
        Assert.Equal("Interrupted by anna.", task.StoppedFor);
        _app.Ecs.Virtual.Advance(TimeSpan.FromSeconds(6));
        Assert.False(task.Runs(_app.Ecs.Virtual.GetUtcNow()), "It was not waited for.");
        Assert.Equal(task.Printed(_app.Ecs.Virtual.GetUtcNow())!.Select(l => l.Text), _caller.Printed);
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Fact]
    public async Task Interrupted_while_ECS_does_not_take_it_yet_it_is_not_run()
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _app.Ecs.OnRequest = operation =>
        {
            if (operation == "RunTask") interrupted.Cancel();
        };
        _app.Ecs.FailNext("RunTask", Fault.Throttled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(interrupted.Token, "sleep"));
        Assert.Empty(_app.Ecs.StandaloneTasks.All);
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Fact]
    public async Task Where_its_lines_are_is_said_where_they_are_not_in_CloudWatch_and_its_exit_code_is_given()
    {
        var bootstrap = EcsWorld.Bootstrap();
        bootstrap["containerDefinitions"]![0]!["logConfiguration"] = new JsonObject { ["logDriver"] = "splunk" };
        _app.Ecs.Add("hello-web", _app.Ecs.Definitions.Add(bootstrap), 2, [new JsonObject { ["key"] = "convox:app", ["value"] = "hello" }]);
        NextBehaviors(new(TimeSpan.FromSeconds(20), 3) { Lines = ["elsewhere"] });
        Assert.Equal(3, await Run("once"));
        Assert.Equal(("Its output goes to the log driver splunk.", 0), (_caller.Notes[^1], _caller.Printed.Count));
    }

    [Fact]
    public async Task Lines_that_cannot_be_read_are_said_once_and_its_exit_code_is_given()
    {
        _app.World.Logs.Refuse("GetLogEvents", "AccessDeniedException");
        NextBehaviors(new(TimeSpan.FromSeconds(20), 3) { Lines = ["unseen"] });
        Assert.Equal(3, await Run("once"));
        Assert.Equal(2, _caller.Notes.Count);
        Assert.StartsWith(
            "Its output can't be read from the log group hello: CloudWatch Logs denied GetLogEvents on the log group hello: AccessDeniedException", _caller.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_beside_a_deployment_and_keeps_what_a_promotion_has_published()
    {
        _app.Ecs["hello-web"].Begin(_app.Ecs.Runs("hello-web")!, new TaskBehavior.NeverHealthy(), _app.Ecs.Virtual.GetUtcNow());
        await _app.Begin(_app.V2);
        await _app.World.Composition.Secrets.Publish((await _app.World.Store.FindApp(A.App, Cancel))!, _app.V2, Cancel);
        Assert.Equal(0, await Run("once"));
        Assert.Contains($"convox-{_app.V2.Environment}", _app.World.Secrets["convox/production/hello"].Labels.Keys);
    }

    [Fact]
    public async Task No_room_for_it_is_told_and_no_revision_is_left()
    {
        NextBehaviors(new(TimeSpan.Zero) { PlacementFailure = "RESOURCE:CPU" });
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Run("once"));
        Assert.Equal("ECS started no task for it: RESOURCE:CPU.", refused.Problems[0].Message);
        Assert.Empty(_app.Ecs.Definitions.Active(Family));
    }

    [Fact]
    public async Task A_task_that_never_starts_is_no_exit_code()
    {
        NextBehaviors(new(TimeSpan.Zero, null) { Reason = "CannotPullContainerError: no such image" });
        var failed = await Assert.ThrowsAsync<ProblemException>(() => Run("once"));
        Assert.EndsWith("ended without an exit code: CannotPullContainerError: no such image.", failed.Problems[0].Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_of_another_app_gives_it_no_place()
    {
        _app.Ecs.Add("hello-web", _app.Ecs.Runs("hello-web")!, 2, [new JsonObject { ["key"] = "convox:app", ["value"] = "other" }]);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Run("once"));
        Assert.StartsWith("the ECS service hello-web of web belongs to the app other", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_app.Ecs.StandaloneTasks.All);
    }

    private void NextBehaviors(CommandBehavior behavior) => _app.Ecs.StandaloneTasks.Behaviors.Enqueue(behavior);

    private Task<int> Run(params string[] words) => Run(Cancel, words);

    private async Task<int> Run(CancellationToken cancel, params string[] words)
    {
        var app = (await _app.World.Store.FindApp(A.App, Cancel))!;
        var plan = await new ReleasePlanReader(_app.World.Store, _app.World.Vault, "production").Read(app, _app.V1, Cancel);
        Assert.Empty(plan.Problems);
        return await _app.World.OneOffs.Run(new(app, _app.V1, plan.Services.Single(s => s.Service.Name == A.Web),
            new() { Arguments = words }, "anna"), _caller, cancel);
    }

    private sealed class Caller : IOneOffCaller
    {
        public SharedList<string> Printed { get; } = [];

        public SharedList<string> Notes { get; } = [];

        public bool HasTerminal => true;

        public void Print(string line, bool isError = false) => Printed.Add(line);

        public void Say(string line) => Notes.Add(line);

        public Task<int> LeaveTo(Func<Task<int>> process) => throw new InvalidOperationException("It does not run on this machine.");
    }
}
