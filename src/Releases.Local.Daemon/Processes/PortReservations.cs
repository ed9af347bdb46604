using System.Net.Sockets;

namespace Releases.Local;

/// <summary>
/// Manages what a rack reserves among all racks of the machine, of any user. Each reservation is a name that the kernel gives to one
/// process at a time, and releases when the process ends for any reason. Other programs don't know of it, so it only keeps racks apart.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private readonly Dictionary<string, IDisposable> _held = [];

    /// <summary>Reserves a name, or returns false if another rack has it.</summary>
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

    private static IDisposable? TryLock(string file)
    {
        try
        {
            return FileLock.TryTake(file);
        }
        catch (ProblemException refused) when (refused.Is(ProblemCode.HomeNotWritable))
        {
            // The file is another user's, who may have the port.
            return null;
        }
    }

    private static IDisposable? TryBind(string name)
    {
        // Abstract socket names exist only on Linux, and have the same scope as its ports: the network namespace.
        if (!OperatingSystem.IsLinux()) return TryLock(Path.Combine("/tmp", name));
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
