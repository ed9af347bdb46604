using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Releases;

/// <summary>
/// Defines the form that the ids of builds, releases, promotions and hooks share: a letter for the kind, and 10 letters A–Z.
/// </summary>
internal static class LetterId
{
    private const int Letters = 10;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string New(char kind) => kind + RandomNumberGenerator.GetString(Alphabet, Letters);

    public static bool TryNormalize(char kind, [NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? id)
    {
        id = text?.Trim().ToUpperInvariant();
        if (id is { Length: Letters + 1 } && id[0] == kind && id.All(char.IsAsciiLetterUpper)) return true;
        id = null;
        return false;
    }
}
