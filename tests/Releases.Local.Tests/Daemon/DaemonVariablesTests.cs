using System.Runtime.Versioning;
using Releases.Local.Tests.Processes;
using Releases.Local.Tests.Storage;
using Xunit;

namespace Releases.Local.Tests.Daemon;

/// <summary>A daemon outlives the shell that starts it, such as a job of a CI, and keeps none of its secrets.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DaemonVariablesTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Tool("rack", "stop");
        _home.Dispose();
    }

    [Fact]
    public async Task A_daemon_has_nothing_by_which_a_runner_ends_the_processes_of_its_job()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads the environment of another process");
        Assert.Equal(0, await Tool("rack", "start"));
        var daemon = LockHolder.Find(_home.Home)!.ProcessId;
        var names = File.ReadAllText($"/proc/{daemon}/environ").Split('\0').Select(v => v.Split('=')[0]).ToList();
        Assert.Contains("PATH", names);
        Assert.Contains("OTEL_SERVICE_NAME", names);
        Assert.Empty(names.Intersect(
            ["RUNNER_TRACKING_ID", "VSTS_PROCESS_LOOKUP_ID", "JENKINS_NODE_COOKIE", "BUILD_ID", "AWS_SECRET_ACCESS_KEY", "NUGET_TOKEN",
                "CONVOX_PROCESS"]));
    }

    private async Task<int> Tool(params string[] words)
    {
        var variables = new Dictionary<string, string>
        {
            ["CONVOX_HOME"] = _home.Home.Folder,
            ["RUNNER_TRACKING_ID"] = "github_1",
            ["VSTS_PROCESS_LOOKUP_ID"] = "vsts_1",
            ["JENKINS_NODE_COOKIE"] = "1",
            ["BUILD_ID"] = "1",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["NUGET_TOKEN"] = "secret",
            ["CONVOX_PROCESS"] = "web-1",
            ["OTEL_SERVICE_NAME"] = "releases",
        };
        using var tool = StartedTool.Start(Path.GetDirectoryName(_home.Home.Folder)!, variables, words);
        await new StreamReader(tool.Output).ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await tool.End(TestContext.Current.CancellationToken)).Code;
    }
}
