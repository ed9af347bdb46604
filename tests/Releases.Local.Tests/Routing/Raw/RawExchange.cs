using System.Text;

namespace Releases.Local.Tests;

/// <summary>A request and its answer, byte for byte.</summary>
internal sealed record RawExchange(byte[] Request, byte[] Response)
{
    /// <summary>How many bytes follow the head of the request.</summary>
    public int RequestBody { get; init; }

    /// <summary>How many bytes follow the head of the last answer.</summary>
    public int ResponseBody { get; init; }

    /// <summary>How many informational answers come before it.</summary>
    public int Informational { get; init; }

    /// <summary>Whether the server ends the connection after its answer.</summary>
    public bool ServerCloses { get; init; }

    /// <summary>For the message of a test that fails.</summary>
    public override string ToString() => $"{Text(Request)} | {Text(Response)}";

    public static string Text(
        byte[] bytes) => Encoding.Latin1.GetString(bytes.Length > 2000 ? bytes[..2000] : bytes)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
