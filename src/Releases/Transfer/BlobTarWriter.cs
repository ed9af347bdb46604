using System.Formats.Tar;

namespace Releases;

/// <summary>
/// Writes a tar of documents and of blobs, which are named by their digests as in an OCI image layout. Times, owners and modes are fixed.
/// </summary>
/// <param name="to">The stream to write to; stays open.</param>
public sealed class BlobTarWriter(Stream to) : IAsyncDisposable
{
    internal const string BlobFolder = "blobs/sha256/";

    private readonly TarWriter _tar = new(to, TarEntryFormat.Gnu, leaveOpen: true);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>Returns the name of a blob's entry.</summary>
    public static string PathOf(string digest) => BlobFolder + digest.Replace("sha256:", "", StringComparison.Ordinal);

    /// <summary>Adds a document under its own name.</summary>
    public Task Add(string name, byte[] content, CancellationToken cancel) => Add(name, new MemoryStream(content), cancel);

    /// <summary>
    /// Adds a blob, unless the file already has it. Fails with <see cref="InvalidDataException"/> if the content doesn't match the digest.
    /// </summary>
    /// <param name="blob">Its digest and size.</param>
    /// <param name="open">Opens the content; called only if it is needed.</param>
    /// <param name="cancel">Cancels the write.</param>
    public async Task AddBlob(OciDescriptor blob, Func<Task<Stream>> open, CancellationToken cancel)
    {
        if (_written.Contains(blob.Digest)) return;
        await Add(PathOf(blob.Digest), new VerifiedStream(await open(), blob), cancel);
        _written.Add(blob.Digest);
    }

    /// <summary>Adds a blob that is in memory, and returns its digest and size.</summary>
    public async Task<OciDescriptor> AddBlob(byte[] content, CancellationToken cancel)
    {
        var blob = new OciDescriptor("", OciPieces.DigestOf(content), content.Length);
        await AddBlob(blob, () => Task.FromResult<Stream>(new MemoryStream(content)), cancel);
        return blob;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _tar.DisposeAsync();

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
