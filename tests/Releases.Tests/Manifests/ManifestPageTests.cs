using System.Text.Json;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Manifests;

/// <summary>The tables of keys in docs/convox-yml.md and docs/aws.md are made of each key's <c>docs</c> in the schema.</summary>
public sealed class ManifestPageTests
{
    private const string None = "–";

    [Fact]
    public void The_page_of_the_file_has_what_the_schema_says_of_each_key() => GoldenPart.HoldsTable(
        "convox-yml.md", "## A service", ["key", "default", "meaning", "on the local rack"],
        Keys(o => o["meaning"] is not null).Select(k => new[]
        {
            (string?)k.Docs["keys"] ?? $"`{k.Path}`", (string?)k.Docs["default"] ?? Default(k.Schema["default"]),
            (string)k.Docs["meaning"]!, (string?)k.Docs["local"] ?? "",
        }));

    [Fact]
    public void The_page_of_the_rack_on_AWS_has_what_the_schema_says_of_each_key() => GoldenPart.HoldsTable(
        "aws.md", "## What each key of convox.yml does", ["key", "a release on AWS", "the template of `apps template`"],
        Keys(o => o["aws"] is not null).Select(k => (k.Path, Aws: k.Docs["aws"]!)).Select(k => new[]
        {
            (string?)k.Aws["keys"] ?? $"`{k.Path}`", (string?)k.Aws["release"] ?? None, (string?)k.Aws["template"] ?? None,
        }));

    /// <summary>A key or a key below it has a row of its own, or one of its level or above names it.</summary>
    [Fact]
    public void No_key_of_a_service_is_left_out()
    {
        var rows = Keys(_ => true).ToList();
        Assert.DoesNotContain(ConvoxSchema.ServiceKeys.Select(k => k.Path), path => !rows.Any(r =>
            $"{r.Path}.".StartsWith($"{path}.", StringComparison.Ordinal) || (IsNear(r.Path, path)
                && r.Docs.ToJsonString().Contains(path[(path.LastIndexOf('.') + 1)..], StringComparison.Ordinal))));
    }

    private static IEnumerable<(string Path, JsonObject Schema, JsonNode Docs)> Keys(Func<JsonNode, bool> which) =>
        ConvoxSchema.Keys.Where(k => k.Schema["docs"] is { } docs && which(docs)).Select(k => (k.Path, k.Schema, k.Schema["docs"]!));

    /// <summary>Whether a row is of a key that this one is in, or is beside below the same one.</summary>
    private static bool IsNear(string row, string path) => path.StartsWith($"{row}.", StringComparison.Ordinal)
        || (row.LastIndexOf('.') is > 0 and var level && path.StartsWith(row[..(level + 1)], StringComparison.Ordinal));

    private static string Default(JsonNode? value) => value switch
    {
        null => None,
        _ when value.GetValueKind() == JsonValueKind.String => $"`{value}`",
        _ => value.ToJsonString(),
    };
}
