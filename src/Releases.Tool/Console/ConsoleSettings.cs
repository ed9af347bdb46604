using System.Net;

namespace Releases.Tool;

/// <summary>Represents where the console listens and how users sign in to it.</summary>
/// <param name="Address">The address to listen on; loopback by default.</param>
/// <param name="Port">The required port, or null for the default one, or a free one if that is taken.</param>
/// <param name="Token">The fixed sign-in token, or null to generate tokens that can be used once.</param>
internal sealed record ConsoleSettings(IPAddress Address, int? Port = null, string? Token = null)
{
    /// <summary>
    /// Gets the configured names of the console, besides those of the machine. A proxy in front of it may use another port.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Gets the TLS certificate, or null for unencrypted connections.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>Gets the configured names and those of the certificate.</summary>
    public IReadOnlyList<string> Names => [.. Hosts, .. Certificate?.Names ?? []];

    /// <summary>Gets the first of these names, or null if there are none.</summary>
    public string? Name => Names is [var first, ..] ? first : null;

    /// <summary>Gets whether other machines can reach the console.</summary>
    public bool IsShared => !IPAddress.IsLoopback(Address) || Hosts.Count > 0;

    public const int DefaultPort = 8470;

    /// <summary>The minimum length of a token, so that it can't be guessed.</summary>
    public const int MinTokenLength = 16;
}
