using Releases.Aws.Tests.Engine;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Running;

public sealed class EcsRunningTests
{
    [Theory]
    [InlineData("web", "web")]
    [InlineData("envoy", "envoy")]
    public async Task The_container_that_the_manifest_names_is_the_services_own(string stated, string container)
    {
        var manifest = EcsScenario.TwoServices.Replace("container: web", $"container: {stated}", StringComparison.Ordinal)
            .Replace("    port: 8080\n", "", StringComparison.Ordinal);
        await using var app = await EcsScenario.Start(manifest: manifest);
        var running = app.World.Running;
        var task = SimulatedEcsTasks.Describe(app.Ecs["hello-web"], stopped: false, app.Ecs.Virtual.GetUtcNow()).First();
        var name = EcsRunning.ProcessName(ServiceName.Parse("web"), (string)task["taskArn"]!);
        var process = (await running.Processes(Releases.Testing.A.App, TestContext.Current.CancellationToken)).Single(p => p.Id == name);
        var found = await running.FindTask(Releases.Testing.A.App, process, TestContext.Current.CancellationToken);
        Assert.Equal(container, found!.Value.Container);
    }
}
