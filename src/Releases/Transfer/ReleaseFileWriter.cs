using System.Formats.Tar;
using System.Text.Json;

namespace Releases;

/// <summary>
/// Writes a release into one file: an OCI image layout in a tar, which other tools read as the images of its services. The record of the
/// release is one more blob, named by an annotation of the index. The same release gives the same bytes.
/// </summary>
internal sealed class ReleaseFileWriter(Stream to) : IAsyncDisposable
{
    /// <summary>In the index: the digest of the release's record.</summary>
    public const string RecordAnnotation = "dotnet-convox.release";

    public const string IndexName = "index.json";
    public const string LayoutName = "oci-layout";
    public const string BlobFolder = "blobs/sha256/";

    /// <summary>What other tools call an image of a layout by.</summary>
    private const string NameAnnotation = "org.opencontainers.image.ref.name";

    private readonly TarWriter _tar = new(to, TarEntryFormat.Gnu, leaveOpen: true);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>Writes it, and gives the digest of its record.</summary>
    /// <param name="release">The release; its services get the roots of their contents.</param>
    /// <param name="contents">The contents of its services; a service that is only referred to has none.</param>
    /// <param name="cancel">Ends it.</param>
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
        await Add(LayoutName, JsonSerializer.SerializeToUtf8Bytes(new("1.0.0"), OciJson.Default.OciLayoutMark), cancel);
        await Add(IndexName, JsonSerializer.SerializeToUtf8Bytes(Index(contents, digest), OciJson.Default.OciManifest), cancel);
        await Add(PathOf(digest), record, cancel);
        foreach (var document in release.Documents.Where(d => _written.Add(d.Digest))) await Add(PathOf(document.Digest), document.Text(), cancel);
        foreach (var content in contents.OrderBy(c => c.Key).Select(c => c.Value))
            foreach (var piece in content.Pieces.Where(p => _written.Add(p.Digest)))
                await Add(PathOf(piece.Digest), new VerifiedStream(await content.Open(piece, cancel), piece), cancel);
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

    private static string PathOf(string digest) => BlobFolder + digest["sha256:".Length..];

    private Task Add(string name, byte[] content, CancellationToken cancel) => Add(name, new MemoryStream(content), cancel);

    private async Task Add(string name, Stream content, CancellationToken cancel)
    {
        await using (content)
        {
            var entry = new GnuTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            };
            await _tar.WriteEntryAsync(entry, cancel);
        }
    }
}
