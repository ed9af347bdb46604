using System.Security.Cryptography;

namespace Releases;

/// <summary>
/// Verifies a piece of an image as it is read: reading all of it either returns the content of its digest or fails with
/// <see cref="InvalidDataException"/>.
/// </summary>
/// <param name="inner">The content; disposed with this stream.</param>
/// <param name="piece">The expected digest and size.</param>
public sealed class VerifiedStream(Stream inner, OciDescriptor piece) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => piece.Size;

    /// <inheritdoc/>
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <summary>Reads the rest, so that the whole piece is verified.</summary>
    public async Task Drain(CancellationToken cancel)
    {
        var buffer = new byte[81920];
        while (await ReadAsync(buffer, cancel) > 0)
        {
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        return Took(buffer[..count], asked: buffer.Length);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        return Took(buffer.Span[..count], asked: buffer.Length);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Took(ReadOnlySpan<byte> content, int asked)
    {
        _hash.AppendData(content);
        _read += content.Length;
        if (_read > piece.Size) throw new InvalidDataException($"its piece {piece.Digest} is larger than its {piece.Size} bytes");
        if (content.Length > 0 || asked == 0 || _ended) return content.Length;
        _ended = true;
        if (_read != piece.Size || "sha256:" + Convert.ToHexStringLower(_hash.GetHashAndReset()) != piece.Digest)
            throw new InvalidDataException($"its piece {piece.Digest} doesn't have the content that its digest names");
        return 0;
    }
}
