using System.Text.Json;

namespace Releases;

/// <summary>Writes how artifacts were built: an in-toto statement (v1) with SLSA provenance (v1). It isn't signed.</summary>
/// <param name="Build">The build.</param>
/// <param name="EndedAt">When the artifacts were complete.</param>
/// <param name="Sdk">The version of the SDK.</param>
/// <param name="Run">The address of the CI run.</param>
/// <param name="Remote">The repository as <c>host/path</c>.</param>
/// <param name="Artifacts">The artifacts, by project.</param>
internal sealed record Provenance(
    Build Build, DateTimeOffset EndedAt, string? Sdk, string? Run, string? Remote,
    IReadOnlyList<(string Project, Artifact Artifact)> Artifacts)
{
    public const string StatementType = "https://in-toto.io/Statement/v1";
    public const string PredicateType = "https://slsa.dev/provenance/v1";

    /// <summary>The parameters of this build type are described in docs/storage.md.</summary>
    private const string BuildType = "urn:dotnet-convox:build:v1";

    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("_type", StatementType);
            json.WriteStartArray("subject");
            foreach (var (project, artifact) in Artifacts) Subject(json, project, artifact);
            json.WriteEndArray();
            json.WriteString("predicateType", PredicateType);
            json.WriteStartObject("predicate");
            Definition(json);
            Details(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Determines whether an artifact is among the subjects of a statement.</summary>
    public static bool Names(ReadOnlyMemory<byte> statement, string digest)
    {
        using var json = JsonDocument.Parse(statement);
        return json.RootElement.TryGetProperty("subject", out var subjects) && subjects.EnumerateArray().Any(s =>
            s.TryGetProperty("digest", out var digests) && digests.TryGetProperty("sha256", out var hex)
            && "sha256:" + hex.GetString() == digest);
    }

    private static void Subject(Utf8JsonWriter json, string project, Artifact artifact)
    {
        json.WriteStartObject();
        json.WriteString("name", artifact.Reference ?? project);
        json.WriteStartObject("digest");
        json.WriteString("sha256", artifact.Digest["sha256:".Length..]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Definition(Utf8JsonWriter json)
    {
        json.WriteStartObject("buildDefinition");
        json.WriteString("buildType", BuildType);
        json.WriteStartObject("externalParameters");
        json.WriteString("app", Build.App.ToString());
        json.WriteStartArray("projects");
        foreach (var (project, _) in Artifacts) json.WriteStringValue(project);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("internalParameters");
        if (Sdk is not null) json.WriteString("sdk", Sdk);
        json.WriteEndObject();
        json.WriteStartArray("resolvedDependencies");
        if (Build.Commit is { } commit)
        {
            json.WriteStartObject();
            if (Remote is not null) json.WriteString("uri", $"git+https://{Remote}");
            else json.WriteString("name", "source");
            json.WriteStartObject("digest");
            json.WriteString("gitCommit", commit);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Details(Utf8JsonWriter json)
    {
        json.WriteStartObject("runDetails");
        json.WriteStartObject("builder");
        json.WriteString("id", Uri.TryCreate(Run, UriKind.Absolute, out var run)
            ? run.GetLeftPart(UriPartial.Authority)
            : "urn:dotnet-convox:builder:unknown");
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WriteString("invocationId", Run ?? $"urn:dotnet-convox:build:{Build.Id}");
        json.WriteString("startedOn", Build.StartedAt.UtcDateTime);
        json.WriteString("finishedOn", EndedAt.UtcDateTime);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
