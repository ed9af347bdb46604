using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Templates;

/// <summary>
/// Every key of convox.yml becomes part of the template, belongs to each release, or gives one warning, as the schema and so docs/aws.md
/// say of it. A value of each is tried beside what it needs.
/// </summary>
public sealed class EveryKeyIsDecidedTests
{
    private const string Canary = """{ "port": 80, "deployment": { "strategy": "canary" } }""";
    private const string Range = """{ "port": 80, "scale": { "count": "1-3" } }""";
    private const string Port = """{ "port": 80 }""";

    /// <summary>What a service needs for a key to have its effect, where that is more than a port.</summary>
    private static readonly Dictionary<string, string> Needed = new()
    {
        ["port"] = "{}",
        ["port.scheme"] = """{ "port": { "port": 80 } }""",
        ["verify"] = Canary,
        ["deployment.bake"] = Canary,
        ["deployment.interval"] = Canary,
        ["deployment.judge"] = Canary,
        ["deployment.judge.errors"] = Canary,
        ["deployment.judge.latency"] = Canary,
        ["deployment.percent"] = Canary,
        ["scale.min"] = """{ "scale": { "max": 3, "targets": { "cpu": 50 } } }""",
        ["scale.max"] = """{ "scale": { "targets": { "cpu": 50 } } }""",
        ["scale.count.min"] = """{ "scale": { "count": { "max": 3 } } }""",
        ["scale.targets.cpu"] = Range,
        ["scale.targets.memory"] = Range,
        ["scale.targets.requests"] = Range,
    };

    /// <summary>Those of a service that have a value of their own.</summary>
    public static TheoryData<string> Keys => [.. ConvoxSchema.ServiceKeys.Where(k => Value(k.Schema) is not null).Select(k => k.Path)];

    public static TheoryData<string, string> Unused =>
        new(ConvoxSchema.Levels.SelectMany(p => ManifestKeys.At(p).Unused.Select(k => (p, k))));

    [Fact]
    public void A_key_of_every_kind_is_tried() => Assert.Empty(
        new[] { "sticky", "drain", "domain", "command", "environment", "deployment.strategy", "scale.targets.cpu", "x-aws.alarms" }
            .Except(Keys.Select(k => k.Data)));

    [Theory]
    [MemberData(nameof(Keys))]
    public void It_becomes_what_is_decided(string key)
    {
        var service = JsonNode.Parse(Needed.GetValueOrDefault(key, Port))!.AsObject();
        var before = Of(service);
        Set(service, key.Split('.'), Value(ConvoxSchema.ServiceKeys.Single(k => k.Path == key).Schema)!);
        var after = Of(service);
        var (owner, becomes) = Decided(key);
        var warns = becomes?.StartsWith("a warning", StringComparison.Ordinal) is true;
        Assert.Equal(becomes is not null && !warns, before.Text != after.Text);
        if (warns) Assert.Contains(owner, Assert.Single(after.Warnings.Except(before.Warnings)), StringComparison.Ordinal);
        else if (becomes?.Contains("warning", StringComparison.Ordinal) is not true) Assert.Empty(after.Warnings);
    }

    [Theory]
    [InlineData("services: { web: {} }", "services: { web: {}, api: {} }", true)]
    [InlineData("services: { web: {} }", "services: { web: {} }\nenvironment: [A=some-default]", false)]
    public void So_does_what_is_at_the_top(string without, string with, bool changes) =>
        Assert.Equal(changes, ATemplate.Of(without).Text != ATemplate.Of(with).Text);

    /// <summary>The reader tells it, of a file or of a release alike.</summary>
    [Theory]
    [MemberData(nameof(Unused))]
    public void A_key_without_a_use_gives_one_warning(string level, string name)
    {
        var text = $"{name}: {(level is "service.scale.count" or "service.scale.targets" ? "1" : "{}")}";
        text = level.Length == 0 ? $"services: {{ web: {{}} }}\n{text}"
            : $"services: {{ web: {{ {level.Split('.').Skip(1).Reverse().Aggregate(text, (inner, key) => $"{key}: {{ {inner} }}")} }} }}";
        var reading = ManifestReader.Read(text, ManifestReader.FileName);
        Assert.Empty(reading.Problems);
        Assert.Equal($"'{name}' isn't supported and is ignored.", Assert.Single(reading.Warnings).Message);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_documents_say_it(string key)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws.md"));
        var section = page[page.IndexOf("## What each key of convox.yml does", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        Assert.Contains(key[(key.LastIndexOf('.') + 1)..], section, StringComparison.Ordinal);
    }

    /// <summary>The key whose row in the documents says what becomes of this one, and what that is; null is nothing.</summary>
    private static (string Owner, string? Becomes) Decided(string key)
    {
        var rows = ConvoxSchema.ServiceKeys.Where(k => k.Schema["docs"]?["aws"] is not null)
            .ToDictionary(k => k.Path, k => k.Schema["docs"]!["aws"]!);
        var name = key[(key.LastIndexOf('.') + 1)..];
        for (var level = key; ; level = level[..level.LastIndexOf('.')])
        {
            var beside = level[..(level.LastIndexOf('.') + 1)];
            var owner = rows.Keys.FirstOrDefault(r => $"{r}.".StartsWith($"{level}.", StringComparison.Ordinal)) ?? rows.FirstOrDefault(r =>
                beside.Length > 0 && r.Key.StartsWith(beside, StringComparison.Ordinal)
                && r.Value.ToJsonString().Contains(name, StringComparison.Ordinal)).Key;
            if (owner is not null) return (owner, (string?)rows[owner]["template"]);
            Assert.True(beside.Length > 0, $"No row of docs/aws.md is about {key}: its entry in {ConvoxSchema.FileName} needs docs.aws.");
        }
    }

    /// <summary>A value that differs from the default; null for what has only keys of its own.</summary>
    private static JsonNode? Value(JsonObject key)
    {
        var schema = ConvoxSchema.Resolved(key);
        if (schema["examples"]?[0] is { } example) return example.DeepClone();
        if (schema["enum"] is JsonArray choices) return choices.Last(c => c is not null)!.DeepClone();
        if (schema["minimum"] is { } least) return (int)(schema["default"] ?? least) + 1;
        return schema["type"]?.AsArray().Any(t => (string?)t == "boolean") is true ? !(bool)schema["default"]! : null;
    }

    private static void Set(JsonObject service, ReadOnlySpan<string> path, JsonNode value)
    {
        if (path is [var key])
        {
            service[key] = value;
            return;
        }

        if (service[path[0]] is not JsonObject) service[path[0]] = new JsonObject();
        Set(service[path[0]]!.AsObject(), path[1..], value);
    }

    private static AppTemplate Of(JsonObject service) => ATemplate.Of($"services: {{ web: {service.ToJsonString()} }}");
}
