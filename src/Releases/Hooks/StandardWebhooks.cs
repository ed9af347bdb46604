using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Releases;

/// <summary>
/// Signs messages according to Standard Webhooks (https://www.standardwebhooks.com), version 1: HMAC-SHA256 of id, time and body.
/// </summary>
public static class StandardWebhooks
{
    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;

    /// <summary>Creates a secret: <c>whsec_</c> and 32 random bytes in Base64.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Returns the three headers of a message.</summary>
    /// <param name="secret">The secret, <c>whsec_…</c>.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="at">The time at which it is sent.</param>
    /// <param name="body">The exact bytes of the body.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body];
        var signature = HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed);
        return
        [
            new("webhook-id", id), new("webhook-timestamp", seconds), new("webhook-signature", $"v1,{Convert.ToBase64String(signature)}"),
        ];
    }
}
