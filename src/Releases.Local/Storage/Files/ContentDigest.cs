using System.Buffers;
using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>
/// Computes the SHA-256 of files, in hex. Files are read in large blocks, because .NET's own reading costs more than the hashing.
/// </summary>
internal static class ContentDigest
{
    private const int PieceSize = 256 * 1024;

    public static string Of(string file, CancellationToken cancel) => Read(file, cancel).Sha256;

    /// <summary>Returns the digest with the number of bytes that it covers, which isn't the file's size if it is being written.</summary>
    public static (string Sha256, long Bytes) Read(string file, CancellationToken cancel)
    {
        using var handle = File.OpenHandle(file, options: FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        long at = 0;
        try
        {
            while (RandomAccess.Read(handle, buffer, at) is > 0 and var read)
            {
                cancel.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), at);
    }
}
