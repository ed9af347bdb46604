using System.Security.Cryptography;
using System.Text.Json;

namespace Releases;

/// <summary>Finds the pieces of an image by reading its manifests, and reads small ones whole.</summary>
public static class OciPieces
{
    /// <summary>The specification allows no larger manifest.</summary>
    private const int MaxManifest = 4 * 1024 * 1024;

    /// <summary>An index lists images; more levels than these lead nowhere.</summary>
    private const int MaxDepth = 4;

    /// <summary>Everything that an image consists of, those that a manifest names before it, and the root last.</summary>
    /// <param name="root">The image's manifest, or its index.</param>
    /// <param name="open">Opens a piece.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<IReadOnlyList<OciDescriptor>> List(
        OciDescriptor root, Func<OciDescriptor, CancellationToken, Task<Stream>> open, CancellationToken cancel)
    {
        var found = new OrderedDictionary<string, OciDescriptor>(StringComparer.Ordinal);
        await Add(root, 0);
        return [.. found.Values];

        async Task Add(OciDescriptor piece, int depth)
        {
            if (!piece.IsValid || depth > MaxDepth) throw new InvalidDataException($"it has a piece '{piece.Digest}' that no image has");
            if (found.ContainsKey(piece.Digest)) return;
            if (piece.IsManifest)
                foreach (var inner in Manifest(await Read(piece, open, MaxManifest, cancel)).Pieces) await Add(inner, depth + 1);
            found.Add(piece.Digest, piece);
        }
    }

    /// <summary>Reads a piece whole. Fails with <see cref="InvalidDataException"/> if it isn't what its digest names.</summary>
    public static async Task<byte[]> Read(
        OciDescriptor piece, Func<OciDescriptor, CancellationToken, Task<Stream>> open, int most, CancellationToken cancel)
    {
        if (piece.Size > most) throw new InvalidDataException($"its piece {piece.Digest} is larger than {most} bytes");
        await using var stream = await open(piece, cancel);
        var content = new byte[piece.Size];
        await stream.ReadExactlyAsync(content, cancel);
        return DigestOf(content) == piece.Digest ? content
            : throw new InvalidDataException($"its piece {piece.Digest} has another content than its name says");
    }

    /// <summary>What names this content.</summary>
    public static string DigestOf(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static OciManifest Manifest(byte[] content) =>
        JsonSerializer.Deserialize(content, OciJson.Default.OciManifest) ?? throw new InvalidDataException("one of its manifests is null");
}
