using System.IO.Compression;

namespace Releases;

/// <summary>A document of a release's evidence as a store keeps it: by the digest of its text, compressed.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits, of the text.</param>
/// <param name="Compressed">The text, with gzip: a bill of materials is a tenth then.</param>
public sealed record EvidenceDocument(string Digest, byte[] Compressed)
{
    /// <summary>The largest text that is kept; no program has so many dependencies.</summary>
    internal const int MaxText = 16 * 1024 * 1024;

    /// <summary>A document of this text.</summary>
    public static EvidenceDocument Of(ReadOnlySpan<byte> text)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(text);
        return new(OciPieces.DigestOf(text), packed.ToArray());
    }

    /// <summary>The text. Fails with <see cref="InvalidDataException"/> if it isn't what the digest names.</summary>
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
