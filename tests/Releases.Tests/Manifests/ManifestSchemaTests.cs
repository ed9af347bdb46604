using System.Reflection;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;
using static Releases.Tests.Manifests.ReadingManifest;

namespace Releases.Tests.Manifests;

/// <summary>docs/convox.schema.json, which editors complete and check with, says what the reader does.</summary>
public sealed class ManifestSchemaTests
{
    /// <summary>Every setting with a range or a default: its place in a service, as <c>deployment: { minimum: * }</c>.</summary>
    public static TheoryData<string> Settings =>
        [.. Places(s => s["minimum"] is not null || s["default"] is not null).Select(p => p.Place)];

    /// <summary>Every key of a service that is every rack's.</summary>
    public static TheoryData<string> EveryPlace => [.. Places(_ => true).Select(p => p.Place)];

    [Fact]
    public void The_reader_knows_every_level_of_the_schema() => Assert.Equal(
        typeof(ManifestKeys).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(ManifestKeys))
            .Select(p => (ManifestKeys)p.GetValue(null)!).Append(ManifestKeys.At("service.x-aws")).ToHashSet(),
        ConvoxSchema.Levels.Select(ManifestKeys.At).ToHashSet());

    /// <summary>A key that the schema has and nothing reads would be accepted whatever its value is.</summary>
    [Theory]
    [MemberData(nameof(EveryPlace))]
    public void The_reader_reads_every_key_of_the_schema(string place)
    {
        var text = Text(place, "{ nonsense: [1] }");
        Assert.False(ManifestSchema.Accepts(text), text);
        Assert.NotEmpty(Read(text).Problems);
    }

    [Fact]
    public void Every_key_says_what_it_means_and_one_that_is_ignored_says_so()
    {
        Assert.All(ConvoxSchema.Keys, k =>
            Assert.False(string.IsNullOrEmpty((string?)ConvoxSchema.Resolved(k.Schema)["description"]), k.Path));
        Assert.Equal("This key isn't supported and is ignored.", (string?)ConvoxSchema.At("#/definitions/ignored")["deprecationMessage"]);
        Assert.True((bool)ConvoxSchema.At("#/definitions/ignored")["doNotSuggest"]!);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Its_ranges_and_defaults_are_those_of_the_reader(string place)
    {
        var schema = Places(_ => true).Single(p => p.Place == place).Schema;
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

    /// <summary>So that the ranges of all of them are tried.</summary>
    [Fact]
    public void Every_number_has_a_range()
    {
        var numbers = Places(s => s["type"] is JsonArray types && types.Any(t => (string?)t is "integer" or "number")
            && types.All(t => (string?)t is not "boolean")).ToList();
        Assert.True(numbers.Count > 20);
        Assert.All(numbers, p => Assert.True(p.Schema["minimum"] is not null && p.Schema["maximum"] is not null, p.Place));
    }

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

    private static IEnumerable<(string Place, JsonObject Schema)> Places(Func<JsonObject, bool> which) => ConvoxSchema.ServiceKeys
        .Where(k => !k.Path.StartsWith("x-", StringComparison.Ordinal)).Select(k => (Keys: k.Path.Split('.'), Schema: ConvoxSchema.Resolved(k.Schema))).Where(k => which(k.Schema))
        .Select(k => (k.Keys.Reverse().Skip(1).Aggregate($"{k.Keys[^1]}: *", (inner, key) => $"{key}: {{ {inner} }}"), k.Schema));

    /// <summary>What only a strategy has is tried with one.</summary>
    private static string Text(string place, string value)
    {
        var needed = new[] { "bake", "interval", "judge", "percent" }
            .Any(k => place.StartsWith($"deployment: {{ {k}", StringComparison.Ordinal)) ? "{ strategy: canary, " : "{ ";
        return $"services: {{ web: {{ {place.Replace("deployment: { ", $"deployment: {needed}", StringComparison.Ordinal).Replace("*", value, StringComparison.Ordinal)} }} }}";
    }
}
