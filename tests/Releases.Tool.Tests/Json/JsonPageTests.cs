using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>docs/json.md says to people what docs/json.schema.json says to programs.</summary>
public sealed class JsonPageTests
{
    /// <summary>The sections of definitions, whose names begin in lower case.</summary>
    private static readonly Dictionary<string, string> Sections = File.ReadAllText(Path.Combine(Repository.Root, "docs", "json.md"))
        .Split("\n## ").Skip(1).Where(s => char.IsAsciiLetterLower(s[0])).ToDictionary(s => s[..s.IndexOf('\n', StringComparison.Ordinal)]);

    public static TheoryData<string> Definitions => [.. OutputSchema.Definitions.Select(d => d.Key)];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void The_page_explains_every_field_and_no_other(string name)
    {
        var told = Sections[name].Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('|')[1..4].Select(c => c.Trim(' ', '`')).ToArray()).ToList();
        var fields = OutputSchema.Definitions[name]!["properties"]?.AsObject() ?? [];
        Assert.Equal(fields.Select(f => f.Key), told.Select(t => t[0]));
        foreach (var (field, about) in fields.Where(f => f.Value!["description"] is not null))
            Assert.Contains($"| {(string)about!["description"]!} |", Sections[name], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Its_examples_are_valid(string name)
    {
        if (Sections[name].Split("```json\n") is [_,
            var example]) new OutputSchema().Require(name, example[..example.IndexOf("```", StringComparison.Ordinal)]);
        else Assert.True(IsPartOfAnother(name), $"{name} has no example.");
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

    [Fact]
    public void The_page_has_a_section_for_each_definition() => Assert.Equal(OutputSchema.Definitions.Select(d => d.Key), Sections.Keys);

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
