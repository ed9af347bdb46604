using System.Text;

namespace Releases.Local;

/// <summary>
/// Defines the header with which a request selects a release that is running, and with which a response names the release that sent it.
/// </summary>
internal static class ReleaseHeader
{
    public const string Name = "X-Convox-Release";

    /// <summary>Reads the requested release, or returns null if the value isn't an id.</summary>
    public static ReleaseId? Read(ReadOnlySpan<byte> value) => value.Length <= 64 ? ReleaseId.Read(Encoding.Latin1.GetString(value)) : null;

    /// <summary>Returns the header line of a response.</summary>
    public static byte[] Line(ReleaseId release) => Encoding.ASCII.GetBytes($"{Name}: {release}\r\n");
}
