using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Releases.Tool;

/// <summary>Somebody who signed in, until they sign out or the console ends.</summary>
/// <param name="FormToken">What every form of theirs carries and no other page can know.</param>
internal sealed record Session(string FormToken)
{
    /// <summary>The changes of environments that they prepared and that are not made yet.</summary>
    public ConcurrentDictionary<AppName, Draft> Drafts { get; } = new();
}

/// <summary>Those who signed in, by what their cookie says; only its hash is kept.</summary>
internal sealed class Sessions
{
    private const int Bytes = 32;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>A secret that cannot be guessed.</summary>
    public static string NewSecret() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Begins a session; returns what its cookie says.</summary>
    public string Begin()
    {
        var secret = NewSecret();
        _sessions[Hash(secret)] = new(WebEncoders.Base64UrlEncode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(secret))));
        return secret;
    }

    public Session? Find(string secret) => _sessions.GetValueOrDefault(Hash(secret));

    public void End(string secret) => _sessions.TryRemove(Hash(secret), out _);

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
