using System.Net;

namespace Releases.Tool;

/// <summary>Where the console listens, and how one signs in to it.</summary>
/// <param name="Address">The address; loopback unless somebody wants otherwise.</param>
/// <param name="Port">The port that has to be; null: the usual one, or another where that is taken.</param>
/// <param name="Token">The token that somebody set, which stays; null: one is made up, and is good for one use.</param>
internal sealed record ConsoleSettings(IPAddress Address, int? Port = null, string? Token = null)
{
    /// <summary>The names that somebody said it has, besides those of the machine; a proxy in front of it may use another port.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>What it encrypts the connection with; null: it doesn't.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>Those, and the names that its certificate is for.</summary>
    public IReadOnlyList<string> Names => [.. Hosts, .. Certificate?.Names ?? []];

    /// <summary>The first of them; null: it has none.</summary>
    public string? Name => Names is [var first, ..] ? first : null;

    /// <summary>Whether others can reach it.</summary>
    public bool IsShared => !IPAddress.IsLoopback(Address) || Hosts.Count > 0;

    public const int DefaultPort = 8470;

    /// <summary>A token that could be guessed is none.</summary>
    public const int MinTokenLength = 16;
}
