using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>docs/json.md says to people what docs/json.schema.json says to programs, and is made of it.</summary>
public sealed class JsonPageTests
{
    public static TheoryData<string> Definitions => [.. OutputSchema.Definitions.Select(d => d.Key)];

    [Fact]
    public void Its_table_of_commands_is_of_the_schema() =>
        GoldenPart.HoldsTable("json.md", "## Commands", ["command", "prints"], JsonPage.Commands);

    [Fact]
    public void Its_sections_are_of_the_schema() => GoldenPart.HoldsRest("json.md", JsonPage.First, JsonPage.Sections);

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Its_examples_are_valid(string name)
    {
        if (OutputSchema.Definitions[name]!["examples"]?[0] is { } example) new OutputSchema().Require(name, example.ToJsonString());
        else Assert.True(IsPartOfAnother(name), $"{name} has no example.");
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_field_says_what_it_means(string name)
    {
        foreach (var (field, about) in OutputSchema.Definitions[name]!["properties"]?.AsObject() ?? [])
            Assert.False(about!["description"] is null && about["$ref"] is null, $"{name}.{field}");
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_field_is_always_there_and_no_other(string name)
    {
        var definition = OutputSchema.Definitions[name]!;
        if (definition["properties"] is not JsonObject fields) return;
        Assert.False((bool)definition["additionalProperties"]!);
        Assert.Equal(fields.Select(f => f.Key), definition["required"]!.AsArray().Select(r => (string)r!));
    }

    [Theory]
    [InlineData("release", "id version app status build commit description createdAt createdBy")]
    [InlineData("service", "service url directUrl desired running release")]
    [InlineData("promotion", "id release previous status startedBy startedAt endedAt deadline reason services")]
    [InlineData("rack", "address kind pid version")]
    [InlineData("error", "code message remedy")]
    public void The_fields_that_scripts_rely_on_are_there(string name, string fields) =>
        Assert.Empty(fields.Split(' ').Except(OutputSchema.Definitions[name]!["properties"]!.AsObject().Select(p => p.Key)));

    [Fact]
    public void The_statuses_are_those_of_the_records()
    {
        Assert.Equal(Enum.GetValues<PromotionStatus>().Select(StatusText.Code), Statuses("promotion"));
        Assert.Equal(Enum.GetValues<ServiceStatus>().Select(StatusText.Code).Order(), Statuses("promotionService").Order());
        Assert.Equal(Enum.GetValues<BuildStatus>().Select(StatusText.Code), Statuses("build"));
        Assert.Equal(Enum.GetValues<EventKind>().Select(StatusText.Code), Statuses("event", "kind"));
    }

    private static IEnumerable<string> Statuses(string name, string field = "status") =>
        OutputSchema.Definitions[name]!["properties"]![field]!["enum"]!.AsArray().Select(s => (string)s!);

    private static bool IsPartOfAnother(string name) =>
        !OutputSchema.Outputs.Any(o => o.Value!.ToJsonString().Contains($"/{name}\"", StringComparison.Ordinal));
}
