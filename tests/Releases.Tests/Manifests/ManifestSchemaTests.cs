using System.Reflection;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;
using static Releases.Tests.Manifests.ReadingManifest;

namespace Releases.Tests.Manifests;

/// <summary>docs/convox.schema.json, which editors complete and check with, says what the reader does.</summary>
public sealed class ManifestSchemaTests
{
    private const string Service = "#/definitions/service";

    /// <summary>Where the schema has each level, by its name among <see cref="ManifestKeys"/>.</summary>
    private static readonly Dictionary<string, string> Levels = new()
    {
        [nameof(ManifestKeys.Top)] = "#",
        [nameof(ManifestKeys.Service)] = Service,
        [nameof(ManifestKeys.Build)] = $"{Service}/properties/build",
        [nameof(ManifestKeys.Port)] = $"{Service}/properties/port",
        [nameof(ManifestKeys.Health)] = $"{Service}/properties/health",
        [nameof(ManifestKeys.Scale)] = $"{Service}/properties/scale",
        [nameof(ManifestKeys.Count)] = $"{Service}/properties/scale/properties/count",
        [nameof(ManifestKeys.Targets)] = $"{Service}/properties/scale/properties/targets",
        [nameof(ManifestKeys.Deployment)] = $"{Service}/properties/deployment",
        [nameof(ManifestKeys.Judge)] = $"{Service}/properties/deployment/properties/judge",
        [nameof(ManifestKeys.Termination)] = $"{Service}/properties/termination",
    };

    /// <summary>Every setting with a range or a default: its place in a service, as <c>deployment: { minimum: * }</c>, and its
    /// schema.</summary>
    public static TheoryData<string> Settings => [.. Levels.Values.Where(l => l != "#").SelectMany(Places).Select(p => p.Place)];

    [Fact]
    public void Every_key_of_the_reader_is_in_the_schema_and_the_other_way_round()
    {
        var read = typeof(ManifestKeys).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(p => p.Name, p => (ManifestKeys)p.GetValue(null)!);
        Assert.Equal(read.Keys.Order(), Levels.Keys.Order());
        foreach (var (name, keys) in read)
        {
            var properties = At(Levels[name])["properties"]!.AsObject();
            var ignored = properties.Where(p => IsIgnored(p.Value!)).Select(p => p.Key);
            Assert.Equal(keys.Unused.Order(StringComparer.Ordinal), ignored.Order(StringComparer.Ordinal));
            Assert.Equal(keys.Used.Order(StringComparer.Ordinal), properties.Select(p => p.Key).Except(ignored)
                .Where(k => !k.StartsWith("x-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            Assert.Equal(keys.Extensions, At(Levels[name])["patternProperties"]?["^x-"] is not null);
        }
    }

    [Fact]
    public void Every_key_says_what_it_means_and_one_that_is_ignored_says_so()
    {
        foreach (var level in Levels.Values)
            foreach (var (key, schema) in At(level)["properties"]!.AsObject())
                Assert.False(string.IsNullOrEmpty((string?)Resolved(schema!)["description"]), $"{level} {key}");
        Assert.Equal("This key isn't supported and is ignored.", (string?)At("#/definitions/ignored")["deprecationMessage"]);
        Assert.True((bool)At("#/definitions/ignored")["doNotSuggest"]!);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Its_ranges_and_defaults_are_those_of_the_reader(string place)
    {
        var schema = Levels.Values.Where(l => l != "#").SelectMany(Places).Single(p => p.Place == place).Schema;
        if (schema["minimum"] is { } least)
        {
            var (from, to) = ((int)least, (int)schema["maximum"]!);
            foreach (var (number, legal) in new[] { (from - 1, false), (from, true), (to, true), (to + 1, false) })
            {
                var text = Text(place, $"{number}");
                Assert.True(legal == ManifestSchema.Accepts(text) && legal == (Read(text).Manifest is not null), text);
            }
        }

        if (schema["default"] is not { } usual) return;
        var unstated = ReadingManifest.Service("services: { web: {} }");
        Assert.Equal(unstated, ReadingManifest.Service(Text(place, usual.ToJsonString())) with { Stated = unstated.Stated });
    }

    [Fact]
    public void The_ranges_of_every_number_are_tried() => Assert.Equal(
        ["deployment: { bake: * }", "deployment: { interval: * }", "deployment: { judge: { errors: * } }",
            "deployment: { judge: { latency: * } }", "deployment: { maximum: * }", "deployment: { minimum: * }",
            "deployment: { percent: * }", "deployment: { timeout: * }", "drain: *", "health: { grace: * }", "health: { interval: * }",
            "health: { timeout: * }", "port: *", "port: { port: * }", "scale: *", "scale: { count: * }", "scale: { count: { max: * } }",
            "scale: { count: { min: * } }", "scale: { cpu: * }", "scale: { max: * }", "scale: { memory: * }", "scale: { min: * }",
            "scale: { targets: { cpu: * } }", "scale: { targets: { memory: * } }", "scale: { targets: { requests: * } }",
            "termination: { grace: * }"],
        Levels.Values.Where(l => l != "#").SelectMany(Places).Where(p => p.Schema["minimum"] is not null).Select(p => p.Place)
            .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("services: { web: { drain: '86401' } }")]
    [InlineData("services: { web: { port: 80.0 } }")]
    [InlineData("services: { web: { environment: [FOO, FOO=1] } }")]
    [InlineData("services: { web: { command: \"a\\0b\" } }")]
    [InlineData("services: { web: { drain: '25h' } }")]
    [InlineData("services: { web: { scale: 3-1 } }")]
    [InlineData("services: { web: { environment: ['A=${B%c}'] } }")]
    public void A_few_mistakes_only_the_reader_knows(string text)
    {
        Assert.True(ManifestSchema.Accepts(text));
        Assert.NotEmpty(Read(text).Problems);
    }

    [Fact]
    public void What_the_docs_and_the_sample_show_is_valid()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "convox-yml.md"));
        var examples = page.Split("```yaml\n").Skip(1).Select(p => p[..p.IndexOf("```", StringComparison.Ordinal)])
            .Where(e => e.Contains("services:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(examples);
        foreach (var text in examples.Append(File.ReadAllText(Path.Combine(Repository.Root, "samples", "hello", "convox.yml"))))
        {
            Assert.True(ManifestSchema.Accepts(text), text);
            Assert.Empty(Read(text).Problems.Concat(Read(text).Warnings));
        }
    }

    private static IEnumerable<(string Place, JsonObject Schema)> Places(string level) => At(level)["properties"]!.AsObject()
        .Select(p => (Key: p.Key, Schema: Resolved(p.Value!)))
        .Where(p => p.Schema["minimum"] is not null || p.Schema["default"] is not null)
        .Select(p => (level.Split("/properties/").Skip(1).Reverse().Aggregate($"{p.Key}: *", (inner, key) =>
            $"{key}: {{ {inner} }}"), p.Schema));

    /// <summary>What only a strategy has is tried with one.</summary>
    private static string Text(string place, string value)
    {
        var needed = new[] { "bake", "interval", "judge", "percent" }
            .Any(k => place.StartsWith($"deployment: {{ {k}", StringComparison.Ordinal)) ? "{ strategy: canary, " : "{ ";
        return $"services: {{ web: {{ {place.Replace("deployment: { ", $"deployment: {needed}", StringComparison.Ordinal).Replace("*", value, StringComparison.Ordinal)} }} }}";
    }

    private static bool IsIgnored(JsonNode schema) => (string?)schema["$ref"] == "#/definitions/ignored";

    private static JsonObject Resolved(JsonNode schema) => schema["$ref"] is { } reference ? At((string)reference!) : schema.AsObject();

    private static JsonObject At(string pointer) =>
        pointer.Split('/').Skip(1).Aggregate((JsonNode)ManifestSchema.File.Json, (node, key) => node[key]!).AsObject();
}
