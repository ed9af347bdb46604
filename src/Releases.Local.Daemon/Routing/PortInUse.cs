using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Explains why the router can't listen on a port.</summary>
internal static class PortInUse
{
    public static ProblemException Explain(int port, SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => Problem(
            $"port {port} is in use by {Owner(port)}. Services keep running, but can't be reached on this port.",
            "Stop that program; the rack uses the port as soon as it is free."),
        SocketError.AccessDenied => Problem(
            $"this user may not listen on port {port}. Services keep running, but can't be reached on this port.",
            "Choose a port from 1024 up."),
        SocketError.AddressNotAvailable => Problem(
            "this machine has no address 127.0.0.1, on which the rack and its services listen.",
            "Bring up its loopback interface: ip address add 127.0.0.1/8 dev lo && ip link set lo up"),
        _ => Problem($"nothing can listen on port {port}: {failure.Message}.", null),
    };

    private static string Owner(int port) => PortOwner.Find(port)?.ToString() ?? "another program";

    private static ProblemException Problem(string message, string? remedy) =>
        new Problem(ProblemCode.PortInUse, message, remedy).ToException();
}
