using System.Text.Json;

namespace Releases;

/// <summary>Reads a file that <see cref="ReleaseFileWriter"/> wrote. The whole file is verified before anything is used.</summary>
internal sealed class ReleaseFileReader : IAsyncDisposable
{
    private const int MaxDocument = 4 * 1024 * 1024;

    private readonly BlobTarReader _tar;

    private ReleaseFileReader(BlobTarReader tar) => _tar = tar;

    /// <summary>The release.</summary>
    public PortableRelease Release { get; private set; } = null!;

    /// <summary>The digest of its record.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Opens a file and verifies all of it. Fails with <see cref="ProblemCode.ReleaseFile"/>.</summary>
    public static async Task<ReleaseFileReader> Open(string path, CancellationToken cancel)
    {
        ReleaseFileReader? reader = null;
        try
        {
            reader = new(await BlobTarReader.Open(path, cancel));
            await reader.ReadAll(cancel);
            return reader;
        }
        catch (Exception wrong) when (ReleaseFile.Explain(wrong, path) is { } problem)
        {
            if (reader is not null) await reader.DisposeAsync();
            throw problem.ToException(wrong);
        }
    }

    /// <summary>Returns the content of one of its services, or null if it is only referenced.</summary>
    public async Task<IArtifactContent?> Content(PortableService service, CancellationToken cancel) =>
        service.Content is not { } root ? null : new Image(this, root, await OciPieces.List(root, OpenBlob, cancel));

    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private async Task ReadAll(CancellationToken cancel)
    {
        var index = JsonSerializer.Deserialize(Document(ReleaseFileWriter.IndexName), OciJson.Default.OciManifest);
        Digest = index?.Annotations?.GetValueOrDefault(ReleaseFileWriter.RecordAnnotation)
            ?? throw new InvalidDataException("its index names no release");
        var record = Document(BlobTarWriter.PathOf(Digest));
        Release = StoredDocument.Read(System.Text.Encoding.UTF8.GetString(record), PortableJson.Default.PortableRelease);
        Release.RequireValid();
        Release = Release with
        {
            Documents = [.. Release.DocumentDigests.Select(d =>
            EvidenceDocument.Of(Document(BlobTarWriter.PathOf(d), EvidenceDocument.MaxText)))]
        };
        foreach (var service in Release.Services.Values)
            if (service.Content is { } root) await OciPieces.List(root, OpenBlob, cancel);
    }

    private byte[] Document(string name, int most = MaxDocument) => _tar.Document(name, most);

    private Task<Stream> OpenBlob(OciDescriptor piece, CancellationToken cancel) => Task.FromResult(_tar.OpenBlob(piece));

    private sealed record Image(ReleaseFileReader File, OciDescriptor Root, IReadOnlyList<OciDescriptor> Pieces) : IArtifactContent
    {
        public Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default) => File.OpenBlob(piece, cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
