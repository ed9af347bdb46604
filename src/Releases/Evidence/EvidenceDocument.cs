using System.IO.Compression;

namespace Releases;

/// <summary>Represents a document of a release's evidence as it is stored: compressed, and identified by the digest of its text.</summary>
/// <param name="Digest">The digest of the text: <c>sha256:</c> and 64 hex digits.</param>
/// <param name="Compressed">The text, compressed with gzip, which shrinks a bill of materials to a tenth.</param>
public sealed record EvidenceDocument(string Digest, byte[] Compressed)
{
    /// <summary>The maximum size of a text in bytes; no real program has so many dependencies.</summary>
    internal const int MaxText = 16 * 1024 * 1024;

    /// <summary>Creates a document from its text.</summary>
    public static EvidenceDocument Of(ReadOnlySpan<byte> text)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(text);
        return new(OciPieces.DigestOf(text), packed.ToArray());
    }

    /// <summary>Returns the text. Fails with <see cref="InvalidDataException"/> if it doesn't match the digest.</summary>
    public byte[] Text()
    {
        using var zip = new GZipStream(new MemoryStream(Compressed), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (zip.Read(buffer) is > 0 and var read)
        {
            if (text.Length > MaxText) throw new InvalidDataException("it is too large");
            text.Write(buffer, 0, read);
        }

        var bytes = text.ToArray();
        return OciPieces.DigestOf(bytes) == Digest ? bytes : throw new InvalidDataException("it has another content than its name says");
    }
}
