using System.Security.Cryptography;
using System.Text.Json;

namespace Releases;

/// <summary>Lists the pieces of an image by reading its manifests, and reads small pieces.</summary>
public static class OciPieces
{
    /// <summary>The maximum size of a manifest in the specification.</summary>
    private const int MaxManifest = 4 * 1024 * 1024;

    /// <summary>The maximum nesting: an index lists images, and deeper levels make no sense.</summary>
    private const int MaxDepth = 4;

    /// <summary>Returns all pieces of an image, with the pieces of a manifest before it and the root last.</summary>
    /// <param name="root">The image's manifest, or its index.</param>
    /// <param name="open">Opens a piece.</param>
    /// <param name="cancel">Cancels the reads.</param>
    public static async Task<IReadOnlyList<OciDescriptor>> List(
        OciDescriptor root, Func<OciDescriptor, CancellationToken, Task<Stream>> open, CancellationToken cancel)
    {
        var found = new OrderedDictionary<string, OciDescriptor>(StringComparer.Ordinal);
        await Add(root, 0);
        return [.. found.Values];

        async Task Add(OciDescriptor? piece, int depth)
        {
            if (piece is not { IsValid: true } || depth > MaxDepth)
                throw new InvalidDataException($"it has a piece '{piece?.Digest}' that no image has");
            if (found.ContainsKey(piece.Digest)) return;
            if (piece.IsManifest)
                foreach (var inner in Manifest(await Read(piece, open, MaxManifest, cancel)).Pieces) await Add(inner, depth + 1);
            found.Add(piece.Digest, piece);
        }
    }

    /// <summary>Reads a whole piece. Fails with <see cref="InvalidDataException"/> if it doesn't match its digest.</summary>
    public static async Task<byte[]> Read(
        OciDescriptor piece, Func<OciDescriptor, CancellationToken, Task<Stream>> open, int most, CancellationToken cancel)
    {
        if (piece.Size > most) throw new InvalidDataException($"its piece {piece.Digest} is larger than {most} bytes");
        await using var stream = await open(piece, cancel);
        var content = new byte[piece.Size];
        await stream.ReadExactlyAsync(content, cancel);
        return DigestOf(content) == piece.Digest ? content
            : throw new InvalidDataException($"its piece {piece.Digest} doesn't have the content that its digest names");
    }

    /// <summary>Returns the digest of the content.</summary>
    public static string DigestOf(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static OciManifest Manifest(byte[] content) =>
        JsonSerializer.Deserialize(content, OciJson.Default.OciManifest) ?? throw new InvalidDataException("one of its manifests is null");
}
