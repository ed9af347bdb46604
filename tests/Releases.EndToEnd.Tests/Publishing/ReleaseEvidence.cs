using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>The evidence of a release, read as somebody else would.</summary>
internal sealed class ReleaseEvidence(Workspace workspace, Release release, ServiceName service)
{
    /// <summary>
    /// The bill of materials has exactly what a list of dependencies (<c>.deps.json</c>) and these shared frameworks have, and the provenance
    /// names the artifact.
    /// </summary>
    public async Task Has(string dependencies, params IEnumerable<string> frameworks)
    {
        var libraries = JsonNode.Parse(await File.ReadAllTextAsync(dependencies))!["libraries"]!.AsObject()
            .Select(l => l.Key.Replace("runtimepack.", "", StringComparison.Ordinal));
        var evidence = release.Services[service].Evidence!;
        var bill = await Document(evidence.Sbom!);
        Assert.Empty(CycloneDxSchema.Problems(bill));
        var bom = JsonNode.Parse(bill)!;
        var components = bom["components"]!.AsArray().Append(bom["metadata"]!["component"]).ToLookup(c => $"{c!["type"]}" == "framework");
        Assert.Equal(
            libraries.Order(StringComparer.Ordinal), components[false].Select(c => $"{c!["bom-ref"]}").Order(StringComparer.Ordinal));
        Assert.Equal(frameworks.Order(StringComparer.Ordinal), components[true].Select(c => $"{c!["name"]}").Order(StringComparer.Ordinal));
        var subjects = JsonNode.Parse(await Document(evidence.Provenance!))!["subject"]!.AsArray();
        Assert.Contains(release.Services[service].Artifact!.Digest, subjects.Select(s => $"sha256:{s!["digest"]!["sha256"]}"));
    }

    private Task<byte[]> Document(string digest) => workspace.Use(r => EvidenceOf.Read(r.Store, release.App, digest));
}
