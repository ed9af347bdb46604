using System.Text;

namespace Releases.Local;

/// <summary>
/// The header by which a request asks for a release while that is there, and by which an answer names the release that gave it.
/// </summary>
internal static class ReleaseHeader
{
    public const string Name = "X-Convox-Release";

    /// <summary>The release that a value asks for; null: not an id.</summary>
    public static ReleaseId? Read(ReadOnlySpan<byte> value) => value.Length <= 64 ? ReleaseId.Read(Encoding.Latin1.GetString(value)) : null;

    /// <summary>The line of an answer.</summary>
    public static byte[] Line(ReleaseId release) => Encoding.ASCII.GetBytes($"{Name}: {release}\r\n");
}
