using Releases.Testing;

namespace Releases.Aws.Tests.Templates;

/// <summary>Templates of manifests.</summary>
internal static class ATemplate
{
    private static readonly string Corpus = Path.Combine(Repository.Root, "tests", "Releases.Tests", "Manifests", "Corpus");

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Releases.Aws.Tests", "Templates");

    /// <summary>The manifests whose templates are kept, as people read them.</summary>
    public static IReadOnlyDictionary<string, string> Kept { get; } = new Dictionary<string, string>
    {
        ["hello"] = File.ReadAllText(Path.Combine(Repository.Root, "samples", "hello", "convox.yml")),
        ["dotnet-solution"] = FromCorpus("dotnet-solution"),
        ["rails"] = FromCorpus("rails"),
        ["monorepo"] = FromCorpus("monorepo"),
        ["every-key"] = File.ReadAllText(Path.Combine(Folder, "every-key.convox.yml")),
    };

    /// <summary>Whose sizes Fargate doesn't have, and whose names only a promotion resolves.</summary>
    public static string[] Refused { get; } = ["aws-settings", "service-reference"];

    /// <summary>Every other manifest that people might have.</summary>
    public static IEnumerable<string> Names => [.. Kept.Keys, .. Directory.EnumerateFiles(Corpus, "*.yml")
        .Select(f => Path.GetFileNameWithoutExtension(f)).Except(Kept.Keys).Except(Refused).Order(StringComparer.Ordinal)];

    public static string Manifest(string name) => Kept.TryGetValue(name, out var text) ? text : FromCorpus(name);

    public static AppTemplate Of(string manifest, string app = "shop", string? cluster = null) =>
        AppTemplateWriter.Write(AppName.Parse(app), ManifestReader.Read(manifest, ManifestReader.FileName).Require(), cluster);

    /// <summary>Of one service.</summary>
    public static AppTemplate OfWeb(string keys) => Of($"services: {{ web: {{ {keys} }} }}");

    private static string FromCorpus(string name) => File.ReadAllText(Path.Combine(Corpus, name + ".yml"));
}
