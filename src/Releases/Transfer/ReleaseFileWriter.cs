using System.Text.Json;

namespace Releases;

/// <summary>
/// Writes a release to one file: an OCI image layout in a tar, which other tools read as the images of its services. The record of the
/// release is an additional blob, named by an annotation of the index. The same release gives the same bytes.
/// </summary>
internal sealed class ReleaseFileWriter(Stream to) : IAsyncDisposable
{
    /// <summary>The annotation of the index with the digest of the release's record.</summary>
    public const string RecordAnnotation = "dotnet-convox.release";

    public const string IndexName = "index.json";
    public const string LayoutName = "oci-layout";

    /// <summary>The annotation by which other tools refer to an image of a layout.</summary>
    private const string NameAnnotation = "org.opencontainers.image.ref.name";

    private readonly BlobTarWriter _tar = new(to);

    /// <summary>Writes the release, and returns the digest of its record.</summary>
    /// <param name="release">The release; the roots of the contents are added to its services.</param>
    /// <param name="contents">The contents of its services; a service that is only referenced has none.</param>
    /// <param name="cancel">Cancels the write.</param>
    public async Task<string> Write(
        PortableRelease release, IReadOnlyDictionary<ServiceName, IArtifactContent> contents, CancellationToken cancel)
    {
        var packed = release with
        {
            Services = new SortedDictionary<ServiceName, PortableService>(
                release.Services.ToDictionary(s => s.Key, s => s.Value with { Content = contents.GetValueOrDefault(s.Key)?.Root })),
        };
        var record = JsonSerializer.SerializeToUtf8Bytes(packed, PortableJson.Default.PortableRelease);
        var digest = OciPieces.DigestOf(record);
        await _tar.Add(LayoutName, JsonSerializer.SerializeToUtf8Bytes(new("1.0.0"), OciJson.Default.OciLayoutMark), cancel);
        await _tar.Add(IndexName, JsonSerializer.SerializeToUtf8Bytes(Index(contents, digest), OciJson.Default.OciManifest), cancel);
        await _tar.AddBlob(record, cancel);
        foreach (var document in release.Documents) await _tar.AddBlob(document.Text(), cancel);
        foreach (var content in contents.OrderBy(c => c.Key).Select(c => c.Value))
            foreach (var piece in content.Pieces) await _tar.AddBlob(piece, () => content.Open(piece, cancel), cancel);
        return digest;
    }

    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private static OciManifest Index(IReadOnlyDictionary<ServiceName, IArtifactContent> contents, string record) => new()
    {
        MediaType = OciTypes.Index,
        Manifests =
        [
            .. contents.OrderBy(c => c.Key).Select(c =>
                c.Value.Root with { Annotations = new SortedDictionary<string, string> { [NameAnnotation] = c.Key.ToString() } }),
        ],
        Annotations = new SortedDictionary<string, string> { [RecordAnnotation] = record },
    };
}
