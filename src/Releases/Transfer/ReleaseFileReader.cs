using System.Formats.Tar;
using System.Text.Json;

namespace Releases;

/// <summary>
/// Reads a file that <see cref="ReleaseFileWriter"/> wrote. Every blob is read once and held against the digest that names it before
/// anything of the file is used.
/// </summary>
internal sealed class ReleaseFileReader : IAsyncDisposable
{
    private const int MaxDocument = 4 * 1024 * 1024;

    private readonly FileStream _file;
    private readonly Dictionary<string, (long Offset, long Length)> _entries = new(StringComparer.Ordinal);

    private ReleaseFileReader(FileStream file) => _file = file;

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
            reader = new(new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 81920, FileOptions.Asynchronous));
            await reader.ReadAll(cancel);
            return reader;
        }
        catch (Exception wrong) when (ReleaseFile.Problem(wrong, path) is { } problem)
        {
            if (reader is not null) await reader.DisposeAsync();
            throw problem.ToException(wrong);
        }
    }

    /// <summary>The content of one of its services; null: it is only referred to.</summary>
    public async Task<IArtifactContent?> Content(PortableService service, CancellationToken cancel) =>
        service.Content is not { } root ? null : new Image(this, root, await OciPieces.List(root, OpenBlob, cancel));

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async Task ReadAll(CancellationToken cancel)
    {
        await using (var tar = new TarReader(_file, leaveOpen: true))
            while (await tar.GetNextEntryAsync(copyData: false, cancel) is { } entry)
                await Add(entry, cancel);
        var index = JsonSerializer.Deserialize(Document(ReleaseFileWriter.IndexName), OciJson.Default.OciManifest);
        Digest = index?.Annotations?.GetValueOrDefault(ReleaseFileWriter.RecordAnnotation)
            ?? throw new InvalidDataException("its index names no release");
        var record = Document(PathOf(Digest));
        Release = StoredDocument.Read(System.Text.Encoding.UTF8.GetString(record), PortableJson.Default.PortableRelease);
        Release = Release with { Documents = [.. Release.DocumentDigests.Select(d => EvidenceDocument.Of(Document(PathOf(d), EvidenceDocument.MaxText)))] };
        foreach (var service in Release.Services.Values)
            if (service.Content is { } root) await OciPieces.List(root, OpenBlob, cancel);
    }

    private async Task Add(TarEntry entry, CancellationToken cancel)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) return;
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        _entries[name] = (entry.DataOffset, entry.Length);
        if (!name.StartsWith(ReleaseFileWriter.BlobFolder, StringComparison.Ordinal)) return;
        var named = new OciDescriptor("", "sha256:" + name[ReleaseFileWriter.BlobFolder.Length..], entry.Length);
        await using var content = new VerifiedStream(entry.DataStream ?? Stream.Null, named);
        await content.Drain(cancel);
    }

    private byte[] Document(string name, int most = MaxDocument)
    {
        if (!_entries.TryGetValue(name, out var place)) throw new InvalidDataException($"it has no {name}");
        if (place.Length > most) throw new InvalidDataException($"its {name} is larger than {most} bytes");
        var content = new byte[place.Length];
        using var slice = Slice(place);
        slice.ReadExactly(content);
        return content;
    }

    private Task<Stream> OpenBlob(OciDescriptor piece, CancellationToken cancel) =>
        _entries.TryGetValue(PathOf(piece.Digest), out var place) && place.Length == piece.Size
            ? Task.FromResult<Stream>(Slice(place))
            : throw new InvalidDataException($"it lacks the piece {piece.Digest}");

    private FileSlice Slice((long Offset, long Length) place) => new(_file.SafeFileHandle, place.Offset, place.Length);

    private static string PathOf(string digest) => ReleaseFileWriter.BlobFolder + digest.Replace("sha256:", "", StringComparison.Ordinal);

    private sealed record Image(ReleaseFileReader File, OciDescriptor Root, IReadOnlyList<OciDescriptor> Pieces) : IArtifactContent
    {
        public Task<Stream> Open(OciDescriptor piece, CancellationToken cancel = default) => File.OpenBlob(piece, cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
