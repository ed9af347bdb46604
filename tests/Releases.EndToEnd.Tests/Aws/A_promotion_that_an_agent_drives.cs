using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.EndToEnd.Tests.Aws;

/// <summary>Agents and commands as processes of the tool that is installed; whichever is killed, the promotion finishes.</summary>
public sealed class A_promotion_that_an_agent_drives(PackedPackages packages) : IAsyncLifetime
{
    private readonly AwsStage _aws = new(packages);
    private readonly List<RunningTool> _agents = [];

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        await _aws.Do("rack", "init");
        (await _aws.Workspace.Publish("Web")).Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents.Where(a => !a.Ended.IsCompleted))
        {
            TestRack.Signal(agent.ProcessId, "KILL");
            await agent.Ended;
        }

        await _aws.DisposeAsync();
    }

    [Theory]
    [InlineData(true, "succeeded")]
    [InlineData(false, "failed")]
    public async Task Comes_to_its_end_when_command_and_agent_are_killed_and_another_agent_starts(bool isHealthy, string status)
    {
        var before = _aws.Ecs.Runs("shop-web");
        _aws.NextBehaviors(isHealthy
            ? new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(30)) : new TaskBehavior.NeverHealthy());
        var first = await StartAgent();
        var command = _aws.Start("promote", "--timeout", isHealthy ? "10m" : "60s");
        await Patience.Until(() => _aws.Ecs["shop-web"].Deployments.Count == 2
            && command.Errors.ToString().Contains("the rack's agent drives this promotion", StringComparison.Ordinal));
        TestRack.Signal(command.ProcessId, "KILL");
        TestRack.Signal(first.ProcessId, "KILL");
        await Task.WhenAll(command.Ended, first.Ended);

        var second = await StartAgent();
        await Patience.Until(() => second.Errors.ToString().Contains($"has ended: {status}", StringComparison.Ordinal));

        using var promotions = System.Text.Json.JsonDocument.Parse(await _aws.Do("promotions", "--json"));
        var promotion = Assert.Single(promotions.RootElement.EnumerateArray());
        Assert.Equal(status, promotion.GetProperty("status").GetString());
        Assert.Equal(2, _aws.Ecs["shop-web"].Deployments.Count);
        Assert.Equal(isHealthy, _aws.Ecs.Runs("shop-web") != before);
        var events = await _aws.Do("events");
        // From nobody, and from the one that was killed.
        Assert.Equal(2, events.Split('\n').Count(l => l.Contains("promotion taken over", StringComparison.Ordinal)));

        TestRack.Signal(second.ProcessId, "TERM");
        Assert.Equal(0, (await second.Ended).ExitCode);
    }

    private async Task<RunningTool> StartAgent()
    {
        var agent = _aws.Start("rack", "agent");
        _agents.Add(agent);
        await Patience.Until(() => agent.Errors.ToString().Contains("running for rack", StringComparison.Ordinal));
        return agent;
    }
}
