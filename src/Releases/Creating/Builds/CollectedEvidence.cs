using System.Text.Json;

namespace Releases;

/// <summary>Represents the recorded evidence of how a build's artifacts were made.</summary>
/// <param name="Of">The evidence of each project.</param>
/// <param name="Documents">The documents that the evidence refers to.</param>
/// <param name="Warnings">What couldn't be read; the release is made anyway.</param>
internal sealed record CollectedEvidence(
    IReadOnlyDictionary<AppProject, ServiceEvidence> Of, IReadOnlyList<EvidenceDocument> Documents, IReadOnlyList<Problem> Warnings)
{
    /// <summary>Collects the evidence from the published projects.</summary>
    public static CollectedEvidence From(
        Build build, BuildRequest request, IReadOnlyDictionary<AppProject, ReleaseService> published, DateTimeOffset now)
    {
        if (published.Count == 0) return new(new Dictionary<AppProject, ServiceEvidence>(), [], []);
        var warnings = new List<Problem>();
        var documents = new Dictionary<string, EvidenceDocument>(StringComparer.Ordinal);
        var artifacts = published.Select(p => (Path.GetRelativePath(request.AppFolder, p.Key.Path).Replace('\\', '/'), p.Value.Artifact!));
        var provenance = Keep(new Provenance(build, now, request.Sdk, request.Run, request.Source?.Remote, [.. artifacts]).Write());
        return new(request.Projects.ToDictionary(p => p.Project, p => new ServiceEvidence
        {
            Sdk = request.Sdk,
            Run = request.Run,
            Sbom = Sbom(p, warnings) is { } sbom ? Keep(sbom) : null,
            Provenance = provenance,
        }), [.. documents.Values], warnings);

        string Keep(byte[] text)
        {
            var document = EvidenceDocument.Of(text);
            documents[document.Digest] = document;
            return document.Digest;
        }
    }

    private static byte[]? Sbom(PublishedProject project, List<Problem> warnings)
    {
        try
        {
            return ProgramDependencies.Read(project) is { } dependencies ? BillOfMaterials.Write(dependencies) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            warnings.Add(new(
                ProblemCode.Evidence,
                $"the dependencies of {Path.GetFileName(project.Project.Path)} can't be read, so the release has no bill of materials for "
                    + $"it: {unreadable.Message.TrimEnd('.')}.",
                "Publish it again."));
            return null;
        }
    }
}
