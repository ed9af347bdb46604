using System.Security.Cryptography;

namespace Releases;

/// <summary>Encrypts with AES-256-GCM in the format of the vaults: nonce (12 bytes), tag (16 bytes), cipher text.</summary>
public static class AesSeal
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Encrypts under a new random nonce.</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="plain">The plain text.</param>
    /// <param name="bound">The associated data; decryption requires the same.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> bound)
    {
        var bytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), bound);
        return bytes;
    }

    /// <summary>
    /// Decrypts; returns null if the bytes were changed, or if the key or the associated data differ. The caller zeroes the result.
    /// </summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> bound)
    {
        if (bytes.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(bytes[..NonceBytes], bytes[(NonceBytes + TagBytes)..], bytes.Slice(NonceBytes, TagBytes), plain, bound);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
