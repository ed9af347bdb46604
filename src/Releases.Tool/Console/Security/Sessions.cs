using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Releases.Tool;

/// <summary>Manages the sessions of users by their cookies, of which only hashes are kept.</summary>
internal sealed class Sessions(TimeProvider time, TimeSpan idleTimeout)
{
    private const int Bytes = 32;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>Returns a new secret that can't be guessed.</summary>
    public static string NewSecret() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Begins a session and returns the value of its cookie.</summary>
    public string Begin()
    {
        foreach (var (key, session) in _sessions)
            if (session.IsOver(time.GetUtcNow())) End(key, session);
        var secret = NewSecret();
        _sessions[Hash(secret)] = new(WebEncoders.Base64UrlEncode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(secret))),
            time.GetUtcNow(), idleTimeout);
        return secret;
    }

    /// <summary>Returns the session of a cookie, or null if there is none or it has ended.</summary>
    /// <param name="secret">The value of the cookie.</param>
    /// <param name="isUse">Whether a person made the request; background requests of open pages don't keep a session alive.</param>
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
