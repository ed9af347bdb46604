using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Releases.Tool;

/// <summary>Those who signed in, by what their cookie says; only its hash is kept.</summary>
internal sealed class Sessions(TimeProvider time, TimeSpan idleTimeout)
{
    private const int Bytes = 32;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>A secret that cannot be guessed.</summary>
    public static string NewSecret() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Begins a session; returns what its cookie says.</summary>
    public string Begin()
    {
        foreach (var (key, session) in _sessions)
            if (session.IsOver(time.GetUtcNow())) End(key, session);
        var secret = NewSecret();
        _sessions[Hash(secret)] = new(WebEncoders.Base64UrlEncode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(secret))),
            time.GetUtcNow(), idleTimeout);
        return secret;
    }

    /// <summary>The session of a cookie; null if there is none, or it is over.</summary>
    /// <param name="secret">What the cookie says.</param>
    /// <param name="isUse">Whether a person asks. What an open page asks by itself keeps no session alive.</param>
    public Session? Find(string secret, bool isUse)
    {
        var key = Hash(secret);
        if (!_sessions.TryGetValue(key, out var session)) return null;
        if (session.IsOver(time.GetUtcNow()))
        {
            End(key, session);
            return null;
        }

        if (isUse) session.Use(time.GetUtcNow());
        return session;
    }

    public void End(string secret)
    {
        var key = Hash(secret);
        if (_sessions.TryGetValue(key, out var session)) End(key, session);
    }

    private void End(string key, Session session)
    {
        _sessions.TryRemove(key, out _);
        session.End();
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
