using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed class ServiceChecksTests
{
    [Fact]
    public void A_service_that_is_ours_whole_and_at_rest_has_no_problem() => Assert.Empty(ServiceChecks.Run(Facts("{}")));

    [Theory]
    [InlineData("""{"status":"DRAINING"}""", "the ECS service hello-web of web is DRAINING.")]
    [InlineData("""{"deploymentController":{"type":"CODE_DEPLOY"}}""", "the ECS service hello-web of web is deployed by CODE_DEPLOY.")]
    [InlineData("""{"schedulingStrategy":"DAEMON"}""", "the ECS service hello-web of web has the scheduling strategy DAEMON.")]
    [InlineData("""{"deploymentConfiguration":{"strategy":"SHADOW"}}""",
        "the ECS service hello-web of web has the deployment strategy SHADOW.")]
    [InlineData(
        """{"deploymentConfiguration":{"strategy":"BLUE_GREEN"}}""",
        "the ECS service hello-web of web can't be deployed by BLUE_GREEN: its load balancer has no advancedConfiguration.")]
    [InlineData("""{"resourceManagementType":"ECS"}""", "the ECS service hello-web of web is an Express service,")]
    [InlineData("""{"deployments":[{"status":"PRIMARY"},{"status":"ACTIVE"}]}""",
        "the ECS service hello-web of web is being deployed right now.")]
    [InlineData("""{"deployments":[{"status":"PRIMARY","rolloutState":"IN_PROGRESS"}]}""",
        "the ECS service hello-web of web is being deployed right now.")]
    [InlineData(
        """{"taskDefinition":"arn:task-definition/web:7","deployments":[{"status":"PRIMARY","rolloutState":"FAILED","runningCount":0},{"status":"ACTIVE","runningCount":1}]}""",
        "the ECS service hello-web of web has a failed deployment of web:7 that wasn't rolled back.")]
    [InlineData("""{"tags":[{"key":"convox:app","value":"other"}]}""",
        "the ECS service hello-web of web belongs to the app other by its tag convox:app.")]
    [InlineData("""{"tags":[]}""", "the ECS service hello-web of web is not tagged as a service of hello.")]
    [InlineData(
        """{"deploymentConfiguration":{"minimumHealthyPercent":100,"maximumPercent":100}}""",
        "the ECS service hello-web of web can't be updated: of 1 task ECS may stop none (minimum 100 %) and start no other (maximum 100 %).")]
    public void Each_refusal_is_its_own_sentence(string change, string sentence)
    {
        var problem = Assert.Single(ServiceChecks.Run(Facts(change)));
        Assert.Equal(AwsProblemCode.Refused, problem.Code);
        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Remedy);
    }

    [Fact]
    public void A_service_whose_first_deployment_failed_runs_nothing_and_can_be_deployed() => Assert.Empty(
        ServiceChecks.Run(Facts("""{"deployments":[{"status":"PRIMARY","rolloutState":"FAILED","runningCount":0}]}""")));

    [Fact]
    public void All_of_it_is_said_at_once() => Assert.Equal(
        3, ServiceChecks.Run(Facts("""{"schedulingStrategy":"DAEMON","deployments":[{},{}],"tags":[]}""")).Count);

    [Fact]
    public void A_service_that_the_manifest_names_need_not_say_whose_it_is() =>
        Assert.Empty(ServiceChecks.Run(Facts("""{"tags":[]}""") with { IsNamed = true }));

    [Theory]
    [InlineData(3, 100, 150, true)]
    [InlineData(3, 50, 100, true)]
    [InlineData(2, 60, 100, false)]
    [InlineData(1, 100, 199, false)]
    [InlineData(0, 100, 100, true)]
    public void Whether_it_can_move_follows_the_rounding_of_ECS_and_what_the_manifest_states(int count, int minimum,
        int maximum, bool moves)
    {
        var facts = Facts("{}") with
        {
            Count = count,
            Manifest = new()
            {
                Name = A.Web,
                Deployment = new() { Minimum = minimum, Maximum = maximum },
                Stated = new HashSet<string> { "deployment.minimum", "deployment.maximum" },
            },
        };
        Assert.Equal(moves, ServiceChecks.Run(facts).Count == 0);
    }

    [Fact]
    public void A_task_definition_has_to_read_secrets_and_to_run_the_images_platform()
    {
        var task = new JsonObject { ["runtimePlatform"] = new JsonObject { ["cpuArchitecture"] = "ARM64" } };
        var facts = Facts("{}") with { TaskDefinition = task, HasSecrets = true, Platforms = ["linux/amd64"] };
        Assert.Equal(
            ["without an execution role", "runs on linux/arm64, but the image is for linux/amd64"],
            ServiceChecks.Run(facts).Select(p => p.Message).Select(m => m.Contains("execution role", StringComparison.Ordinal)
                ? "without an execution role"
                : m.Split("of web ")[1].TrimEnd('.')));

        task["executionRoleArn"] = "arn:role";
        Assert.Empty(ServiceChecks.Run(facts with { Platforms = ["linux/amd64", "linux/arm64"] }));
    }

    private static ServiceFacts Facts(string change)
    {
        var service = (JsonObject)JsonNode.Parse(
            """
            {"status":"ACTIVE","schedulingStrategy":"REPLICA","deploymentController":{"type":"ECS"},
             "deploymentConfiguration":{"strategy":"ROLLING","minimumHealthyPercent":100,"maximumPercent":200},
             "deployments":[{"status":"PRIMARY","rolloutState":"COMPLETED"}],"tags":[{"key":"convox:app","value":"hello"}]}
            """)!;
        foreach (var (member, value) in JsonNode.Parse(change)!.AsObject()) service[member] = value?.DeepClone();
        return new() { App = A.App, Manifest = new() { Name = A.Web }, Name = "hello-web", Service = new(service) };
    }
}
