using System.Text.Json.Nodes;
using Releases.Aws.Tests.Engine;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Templates;

/// <summary>Releases are promoted on what a template made, and updates of its stack leave them alone.</summary>
public sealed class PromotedOnATemplateTests
{
    private const string Web = "services: { web: { port: 8080, scale: { cpu: 512, memory: 1024 } } }";
    private const string Larger = "services: { web: { port: 8080, scale: { cpu: 1024, memory: 2048 } } }";

    [Fact]
    public async Task A_release_is_based_on_the_base_of_the_template_and_not_on_what_runs_before_it()
    {
        await using var app = await OnATemplate(Web);
        var ran = await Promote(app, Web);
        var definition = app.Ecs.Definitions.Definition(ran);
        Assert.Equal(("512", "1024", "execution"),
            ((string)definition["cpu"]!, (string)definition["memory"]!, (string)definition["executionRoleArn"]!));
        Assert.Null(definition["containerDefinitions"]![0]!["command"]);
        Assert.Null(TaskTags.Find(app.Ecs.Definitions.TagsOf(ran), TaskTags.Base));
    }

    [Fact]
    public async Task A_changed_base_is_part_of_the_next_promotion()
    {
        await using var app = await OnATemplate(Web);
        await Promote(app, Web);
        Register(app, Larger, "WebBase");
        Assert.Equal("1024", (string)app.Ecs.Definitions.Definition(await Promote(app, "services: { web: { port: 8080 } }"))["cpu"]!);
        Register(app, Web, "WebBase");
        Assert.Equal("512", (string)app.Ecs.Definitions.Definition(await Promote(app, "services: { web: { port: 8080 } }"))["cpu"]!);
    }

    /// <summary>CloudFormation sends the family with every change to a service, and ECS takes its newest active revision.</summary>
    [Fact]
    public async Task An_update_of_the_stack_finds_what_is_promoted_also_after_a_promotion_that_failed()
    {
        await using var app = await OnATemplate(Web);
        Assert.Equal(app.Ecs.Runs("hello-web"), Newest(app));
        var ran = await Promote(app, Web);
        Assert.Equal(ran, Newest(app));

        app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
        var failed = await app.Run(await app.AddRelease(Web));
        Assert.Equal(PromotionStatus.Failed, failed.Status);
        Assert.Equal((ran, ran), (app.Ecs.Runs("hello-web"), Newest(app)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(7, 7)]
    [InlineData(30, 10)]
    public async Task A_count_within_its_range_is_kept(int before, int after)
    {
        const string Range = "services: { web: { port: 8080, scale: { count: 2-10, targets: { cpu: 70 } } } }";
        await using var app = await OnATemplate(Range);
        app.Ecs["hello-web"].Desired = before;
        await Promote(app, Range);
        Assert.Equal(after, app.Ecs["hello-web"].Desired);
        await app.World.ApplyScale(A.Web);
        Assert.Equal(after, app.Ecs["hello-web"].Desired);
    }

    private static string Newest(
        EcsScenario app) => (string)app.Ecs.Definitions.Describe(
            new() { ["taskDefinition"] = "production-hello-web-convox" })["taskDefinition"]!["taskDefinitionArn"]!;

    private static async Task<string> Promote(EcsScenario app, string manifest)
    {
        var promoted = await app.Run(await app.AddRelease(manifest));
        Assert.True(promoted.Status == PromotionStatus.Succeeded, promoted.Reason);
        return app.Ecs.Runs("hello-web")!;
    }

    /// <summary>A cluster with the stack of a template.</summary>
    private static async Task<EcsScenario> OnATemplate(string manifest)
    {
        var app = await EcsScenario.Start(promoteTheFirst: false, manifest: "services: { other: { port: 8080 } }");
        Register(app, manifest, "WebBase");
        app.Ecs.Add("hello-web", Register(app, manifest, "WebBootstrapPort8080"), 1,
            [new JsonObject { ["key"] = "convox:app", ["value"] = "hello" }]);
        return app;
    }

    /// <summary>What CloudFormation sends for a task definition of a template.</summary>
    private static string Register(EcsScenario app, string manifest, string resource)
    {
        var properties = Template.Properties(new Template(ATemplate.Of(manifest, "hello").Text).Resources[resource]!.AsObject());
        return app.Ecs.Definitions.Add((JsonObject)Sent(properties)!);
    }

    private static JsonNode? Sent(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } only when only["Fn::Sub"] is { } text =>
            JsonValue.Create(((string)text!).Replace("${Cluster}", "production", StringComparison.Ordinal)),
        JsonObject { Count: 1 } only when only["Fn::GetAtt"] is { } attribute =>
            JsonValue.Create(((string)attribute!).Contains("Execution", StringComparison.Ordinal) ? "execution" : "task"),
        JsonObject { Count: 1 } only when only["Ref"] is { } name => JsonValue.Create((string)name! == "Processor" ? "X86_64" : "hello"),
        JsonObject map =>
            new JsonObject(map.Select(e => KeyValuePair.Create(Camel(e.Key), e.Key == "Options" ? Options(e.Value!) : Sent(e.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sent)]),
        JsonValue value when (string)value! is var text && text is "true" or "false" => JsonValue.Create((string)value! == "true"),
        { Parent: JsonObject } value when value.GetPropertyName() is "ContainerPort" or "StopTimeout" =>
            JsonValue.Create(int.Parse((string)value!)),
        _ => node?.DeepClone(),
    };

    private static JsonObject Options(JsonNode options) =>
        new(options.AsObject().Select(o => KeyValuePair.Create(o.Key, (JsonNode?)JsonValue.Create("hello"))));

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
