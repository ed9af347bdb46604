using System.Formats.Tar;

namespace Releases;

/// <summary>
/// Reads a tar that <see cref="BlobTarWriter"/> wrote. Every blob is read once and verified against its digest before anything in the file
/// is used. Fails with <see cref="InvalidDataException"/> if the file is invalid, or with the <see cref="IOException"/> of reading it.
/// </summary>
public sealed class BlobTarReader : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly Dictionary<string, (long Offset, long Length)> _entries = new(StringComparer.Ordinal);

    private BlobTarReader(FileStream file) => _file = file;

    /// <summary>Opens a file and verifies all of its blobs.</summary>
    public static async Task<BlobTarReader> Open(string path, CancellationToken cancel)
    {
        var reader = new BlobTarReader(new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 81920, FileOptions.Asynchronous));
        try
        {
            await using var tar = new TarReader(reader._file, leaveOpen: true);
            while (await Next(tar, cancel) is { } entry) await reader.Add(entry, cancel);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the content of an entry.</summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="most">The maximum size in bytes.</param>
    public byte[] Document(string name, int most)
    {
        if (!_entries.TryGetValue(name, out var place)) throw new InvalidDataException($"it has no {name}");
        if (place.Length > most) throw new InvalidDataException($"its {name} is larger than {most} bytes");
        var content = new byte[place.Length];
        using var slice = Slice(place);
        slice.ReadExactly(content);
        return content;
    }

    /// <summary>Opens a blob; several can be read at the same time.</summary>
    public Stream OpenBlob(OciDescriptor blob) =>
        _entries.TryGetValue(BlobTarWriter.PathOf(blob.Digest), out var place) && place.Length == blob.Size
            ? Slice(place)
            : throw new InvalidDataException($"it lacks the piece {blob.Digest}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static async Task<TarEntry?> Next(TarReader tar, CancellationToken cancel)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancel);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("it isn't a tar file, or is damaged", malformed);
        }
    }

    private async Task Add(TarEntry entry, CancellationToken cancel)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) return;
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        _entries[name] = (entry.DataOffset, entry.Length);
        if (!name.StartsWith(BlobTarWriter.BlobFolder, StringComparison.Ordinal)) return;
        var named = new OciDescriptor("", "sha256:" + name[BlobTarWriter.BlobFolder.Length..], entry.Length);
        await using var content = new VerifiedStream(entry.DataStream ?? Stream.Null, named);
        await content.Drain(cancel);
    }

    private FileSlice Slice((long Offset, long Length) place) => new(_file.SafeFileHandle, place.Offset, place.Length);
}
