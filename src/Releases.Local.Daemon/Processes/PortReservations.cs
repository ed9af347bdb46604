using System.Net.Sockets;

namespace Releases.Local;

/// <summary>
/// What a rack has for itself among all racks of the machine, of any user: each reservation is a name that the kernel gives to one
/// process at a time and frees when that ends, however it ends. Other programs don't know it, so it only keeps racks apart.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private readonly Dictionary<string, IDisposable> _held = [];

    /// <summary>False if another rack has it.</summary>
    public bool TryReserve(string name)
    {
        if (_held.ContainsKey(name)) return true;
        if (TryBind($"convox-port-{name}") is not { } reservation) return false;
        _held.Add(name, reservation);
        return true;
    }

    public void Release(string name)
    {
        if (_held.Remove(name, out var reservation)) reservation.Dispose();
    }

    public void Dispose()
    {
        foreach (var reservation in _held.Values) reservation.Dispose();
    }

    private static IDisposable? TryBind(string name)
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
