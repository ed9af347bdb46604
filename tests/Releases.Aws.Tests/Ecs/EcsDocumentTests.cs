using System.Text.Json.Nodes;
using Xunit;

namespace Releases.Aws.Tests.Ecs;

public sealed class EcsDocumentTests
{
    [Theory]
    [InlineData("ACTIVE", "Active")]
    [InlineData("DRAINING", "Draining")]
    [InlineData("INACTIVE", "Inactive")]
    [InlineData(null, "Active")]
    [InlineData("LATER", "Unknown")]
    public void The_status_of_a_service_is_read_and_one_of_a_later_version_keeps_its_word(string? status, string read)
    {
        var service = new EcsService(new() { ["status"] = status });
        Assert.Equal((read, status), (service.Status.ToString(), service.StatusText));
    }

    [Theory]
    [InlineData("""{"lastStatus":"RUNNING","healthStatus":"HEALTHY"}""", "Running Healthy")]
    [InlineData("""{"lastStatus":"DEACTIVATING","healthStatus":"UNHEALTHY"}""", "Deactivating Unhealthy")]
    [InlineData("""{"lastStatus":"LATER","healthStatus":"LATER"}""", "Unknown Unknown")]
    [InlineData("{}", "Unknown Unknown")]
    public void The_status_and_health_of_a_task_are_read(string document, string read)
    {
        var task = new EcsTask((JsonObject)JsonNode.Parse(document)!);
        Assert.Equal(read, $"{task.LastStatus} {task.Health}");
    }

    [Theory]
    [InlineData("IN_PROGRESS", "InProgress")]
    [InlineData("COMPLETED", "Completed")]
    [InlineData("FAILED", "Failed")]
    [InlineData("LATER", "Unknown")]
    [InlineData(null, null)]
    public void The_state_of_a_rollout_is_read_where_the_endpoint_returns_one(string? state, string? read) =>
        Assert.Equal(read, new EcsDeployment(new() { ["rolloutState"] = state }).RolloutState?.ToString());

    [Fact]
    public void What_this_version_does_not_know_stays_in_the_document()
    {
        var service = new EcsService((JsonObject)JsonNode.Parse("""{"deploymentConfiguration":{"laterMember":{"a":1}}}""")!);
        var restored = DeploymentConfiguration.Restored(service.Configuration, now: null);
        Assert.Contains("laterMember", restored.ToJsonString(), StringComparison.Ordinal);
    }
}
