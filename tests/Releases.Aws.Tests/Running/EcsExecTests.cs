using System.Text.Json.Nodes;
using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Running;

/// <summary><c>exec</c> on AWS: ECS Exec, with AWS's own plugin on the terminal.</summary>
public sealed class EcsExecTests(DynamoDbLocal dynamo) : IAsyncLifetime
{
    private readonly MatrixRack _rack = new(dynamo, $"exec-{Guid.NewGuid():n}"[..20]);
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-exec-").FullName;
    private MatrixApp _app = null!;
    private string _process = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _rack.InitializeAsync();
        _app = await _rack.MakeApp();
        Assert.Equal(0, (await _rack.Type(_app.Name, _rack.Cluster, Cancel, "promote")).Code);
        var task = SimulatedEcsTasks.Describe(_rack.Ecs[$"{_app.Name}-web"], stopped: false, _rack.Ecs.Virtual.GetUtcNow()).First();
        _process = EcsRunning.ProcessName(ServiceName.Parse("web"), (string)task["taskArn"]!);
    }

    public async ValueTask DisposeAsync()
    {
        _rack.RequireModels();
        await _rack.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("1.2.497.0", false)]
    [InlineData("1.2.536.0", true)]
    [InlineData("1.3.0.0", true)]
    [InlineData("unknown", false)]
    public async Task The_plugin_is_called_as_the_CLI_of_AWS_calls_it_and_its_exit_code_is_the_tools(string version, bool inVariable)
    {
        _rack.Plugin = Script($$"""
            if [ "$1" = --version ]; then echo {{version}}; exit; fi
            printf '%s\n' "$@" > "$0.told"; printf '%s' "$AWS_SSM_START_SESSION_RESPONSE" > "$0.variable"; exit 7
            """);
        var ran = await _rack.Type(_app.Name, _rack.Cluster, Cancel, "exec", _process, "ls", "-l", "a b");
        Assert.True(ran.Code == 7, ran.Text);
        var executed = Assert.Single(_rack.Ecs.Executed);
        Assert.Equal(("web", "ls -l 'a b'"), (executed.Container, executed.Command));
        var told = await File.ReadAllLinesAsync(_rack.Plugin + ".told", Cancel);
        var variable = await File.ReadAllTextAsync(_rack.Plugin + ".variable", Cancel);
        if (inVariable) Assert.Equal("AWS_SSM_START_SESSION_RESPONSE", told[0]);
        else Assert.Equal("", variable);
        Assert.Equal("ecs-execute-command-1", (string)JsonNode.Parse(inVariable ? variable : told[0])!["sessionId"]!);
        Assert.Equal(("eu-west-1", "StartSession"), (told[1], told[2]));
        Assert.Equal($"ecs:{_rack.Cluster}_{executed.Task.Split('/')[^1]}_0123456789-265927825",
            (string)JsonNode.Parse(told[4])!["Target"]!);
        Assert.StartsWith("http://", told[5], StringComparison.Ordinal);
        Assert.Contains(
            await _rack.Records.ListEvents(_app.Name, 5, Cancel),
            e => e.Kind == EventKind.OneOffStarted && e.Detail!.StartsWith($"{_process}: ls -l", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_plugin_one_sentence_says_what_to_install_and_no_session_is_opened()
    {
        _rack.Plugin = null;
        var ran = await _rack.Type(_app.Name, _rack.Cluster, Cancel, "exec", _process, "bash");
        Assert.Equal(1, ran.Code);
        Assert.Contains("session-manager-plugin isn't installed, and ECS Exec needs it.", ran.Text, StringComparison.Ordinal);
        Assert.Empty(_rack.Ecs.Executed);
    }

    [Fact]
    public async Task A_process_that_is_not_there_is_named()
    {
        var ran = await _rack.Type(_app.Name, _rack.Cluster, Cancel, "exec", "web-00000000", "bash");
        Assert.Equal(1, ran.Code);
        Assert.Contains($"{_app.Name} has no process 'web-00000000' now.", ran.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_goes_to_a_shell()
    {
        Assert.Equal("/bin/sh -c 'env | sort'", ExecSession.ShellText(new() { Shell = "env | sort" }));
        Assert.Equal(@"/bin/sh -c 'echo '\''it'\'''", ExecSession.ShellText(new() { Shell = "echo 'it'" }));
    }

    private string Script(string text)
    {
        var path = Path.Combine(_folder, "session-manager-plugin");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
