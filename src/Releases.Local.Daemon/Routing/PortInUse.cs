using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Why the router does not get a port, in a sentence.</summary>
internal static class PortInUse
{
    public static ProblemException Explain(int port, SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => Problem(
            $"Port {port} is in use by {Who(port)}; everything that runs goes on, but is not reached at this port.",
            "End that program; the port stays reserved for the rack and is used as soon as it is free."),
        SocketError.AccessDenied => Problem(
            $"Port {port} may not be used by this user; everything that runs goes on, but is not reached at this port.",
            "Choose a port from 1024 on."),
        _ => Problem($"Port {port} cannot be listened at: {failure.Message}.", null),
    };

    private static string Who(int port) => PortOwner.Find(port)?.ToString() ?? "another program";

    private static ProblemException Problem(string message, string? remedy) => new Problem(ProblemCode.PortInUse, message, remedy).ToException();
}
