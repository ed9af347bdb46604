using System.Net.Sockets;

namespace Releases.Local;

/// <summary>
/// What a rack has for itself among all racks of the machine, whoever's they are: each claim is a name that the kernel gives to one
/// process at a time and frees when that ends, however it ends. Nobody else needs to heed it, so it keeps racks apart and no more.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private readonly Dictionary<string, IDisposable> _held = [];

    /// <summary>False if another rack has it.</summary>
    public bool TryTake(string name)
    {
        if (_held.ContainsKey(name)) return true;
        if (TryHold($"convox-port-{name}") is not { } claim) return false;
        _held.Add(name, claim);
        return true;
    }

    public void Return(string name)
    {
        if (_held.Remove(name, out var claim)) claim.Dispose();
    }

    public void Dispose()
    {
        foreach (var claim in _held.Values) claim.Dispose();
    }

    private static IDisposable? TryHold(string name)
    {
        // Names without a file are Linux's own, and reach as far as its ports do.
        if (!OperatingSystem.IsLinux()) return FileLock.TryTake(Path.Combine("/tmp", name));
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint('\0' + name));
            return socket;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
