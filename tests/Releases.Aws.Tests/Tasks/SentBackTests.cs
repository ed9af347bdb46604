using System.Text.Json.Nodes;
using Releases.Aws.Tests.Engine;
using Xunit;

namespace Releases.Aws.Tests.Tasks;

/// <summary>What was read of a task definition is sent back as it was, but for what has no value, is AWS's own, or would start a command
/// again.</summary>
public sealed class SentBackTests
{
    [Fact]
    public void Members_without_a_value_are_left_out_and_empty_values_of_people_stay()
    {
        var definition = JsonNode.Parse("""
            { "runtimePlatform": null, "ipcMode": "", "volumes": [], "containerDefinitions": [ null, {
              "name": "web", "image": "x", "user": "", "cpu": null, "environment": [ { "name": "EMPTY", "value": "" } ], "dockerLabels": { "team": "", "none": null },
              "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-datetime-format": "" }, "secretOptions": null }, "command": [""] } ] }
            """)!;
        EmptyMembers.Remove(definition);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            { "volumes": [], "containerDefinitions": [ {
              "name": "web", "image": "x", "environment": [ { "name": "EMPTY", "value": "" } ], "dockerLabels": { "team": "" },
              "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-datetime-format": "" } }, "command": [""] } ] }
            """), definition), definition.ToJsonString());
    }

    [Fact]
    public void Tags_that_only_AWS_may_set_are_not_copied()
    {
        var tags = (JsonArray)JsonNode.Parse(
            """[ { "key": "aws:cloudformation:stack-name", "value": "s" }, { "key": "AWS:x", "value": "y" }, { "key": "team", "value": "shop" }, { "key": null, "value": "z" } ]""")!;
        var made = TaskDefinition.Create(new(ATaskRelease.Base(), tags), ATaskRelease.Release());
        Assert.DoesNotContain("aws:", made["tags"]!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("shop", TaskTags.Find((JsonArray)made["tags"]!, "team"));
        Assert.DoesNotContain("aws:", TaskDefinition.Copy(new(ATaskRelease.Base(), tags), "copy")["tags"]!.ToJsonString(),
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_command_is_not_started_again_where_the_service_is()
    {
        var on = ATaskRelease.Base();
        ATaskRelease.Container(on)["restartPolicy"] = new JsonObject { ["enabled"] = true };
        var release = ATaskRelease.Release();
        Assert.NotNull(ATaskRelease.Container(TaskDefinition.Create(new(on, null), release))["restartPolicy"]);
        Assert.Null(ATaskRelease.Container(CommandDefinition.Create(new(on, null), release,
            new() { Shell = "./migrate" }))["restartPolicy"]);
    }

    [Theory]
    [InlineData("service: shop-web-prod", "shop-web-prod")]
    [InlineData("service: 'arn:aws:ecs:eu-west-1:111122223333:service/production/shop-web-prod'", "shop-web-prod")]
    [InlineData("service: 'arn:aws:ecs:eu-west-1:111122223333:service/shop-web-prod'", "shop-web-prod")]
    [InlineData("container: web", "hello-web")]
    public void A_service_may_be_named_by_its_ARN(string aws, string name) =>
        Assert.Equal(name,
            AwsSettings.From(AwsSettingsTests.Stating("web", $"{{ {aws} }}")).NameOf(AppName.Parse("hello"), ServiceName.Parse("web")));
}
