using System.Text.Json.Nodes;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed class FencedChangeTests
{
    [Theory]
    [InlineData("UpdateService", """{ "service": "hello-web", "taskDefinition": null }""", "taskDefinition")]
    [InlineData("UpdateService", """{ "taskDefinition": "x:1" }""", "service")]
    [InlineData("StopServiceDeployment", "{}", "serviceDeploymentArn")]
    [InlineData("StopTask", """{ "task": null }""", "task")]
    [InlineData("RegisterTaskDefinition", """{ "family": "x" }""", "containerDefinitions")]
    public async Task What_has_no_value_where_one_is_needed_is_not_sent_and_is_called_a_fault_of_ours(string operation,
        string input, string missing)
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Calls.Clear();
        var written = false;
        var fault = await Assert.ThrowsAsync<ProblemException>(() => app.World.Composition.Change.Send(
            () =>
            {
                written = true;
                return Task.CompletedTask;
            }, operation, (JsonObject)JsonNode.Parse(input)!, TestContext.Current.CancellationToken));
        Assert.Equal((ProblemCode.Unexpected, false), (fault.Problems[0].Code, written));
        Assert.StartsWith($"{operation} would have been sent without {missing}, which is a bug in this program. ECS was not called.",
            fault.Message, StringComparison.Ordinal);
        Assert.Empty(app.Ecs.Calls);
    }
}
