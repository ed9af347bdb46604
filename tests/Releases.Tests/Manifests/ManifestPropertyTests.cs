using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Releases.Tests.Manifests;

public sealed class ManifestPropertyTests
{
    private static readonly string[] Pieces =
    [
        "services:", "environment:", "web", "worker", "port", "health", "scale", "deployment", "minimum", "x-aws", "build", "command", "<<",
        ":", " ", "\n", "  ", "    ", "- ", "[", "]", "{", "}", ",", "&a ", "*a", "!!int ", "!<", "|", ">", "'", "\"", "\\x", "%YAML 9.9\n",
        "%TAG ", "---\n", "...\n", "#", "? ", "@", "`", "\t", "\0", "\u2028", "\ud800", "🦊", "99999999999999999999", "-1", "~", "true",
        "=", "*", "${X}", "/",
    ];

    [Property(MaxTest = 3000)]
    public FsCheck.Property Whatever_the_text_is_the_answer_is_a_manifest_or_problems() => Prop.ForAll(
        Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), IsAnswered);

    [Property(MaxTest = 3000)]
    public FsCheck.Property A_manifest_with_a_few_bytes_changed_is_answered_too()
    {
        const string Text =
            "environment:\n  - FOO=1\nservices:\n  web: &w\n    build: .\n    port: 5000\n    health: {path: /a, grace: 5}\n  worker:\n    <<: *w\n    command: [\"a\"]\n";
        var change = Gen.Zip(Gen.Choose(0, Text.Length - 1), Gen.Elements(Pieces));
        return Prop.ForAll(
            change.ListOf().Select(changes => changes.Aggregate(Text, (text, c) =>
                text.Insert(c.Item1, c.Item2))).ToArbitrary(), IsAnswered);
    }

    [Property(MaxTest = 1000)]
    public void Any_string_is_answered(string? text) => IsAnswered(text ?? "");

    private static void IsAnswered(string text)
    {
        var reading = ManifestReader.Read(text, "convox.yml");
        Assert.Equal(reading.Manifest is null, reading.Problems.Count > 0);
        Assert.All(reading.Problems.Concat(reading.Warnings), p => Assert.True(p.Location is { Line: > 0, Column: > 0 }));
    }
}
