using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>
/// Manages the permanent ports of the router and the services, and free ports for processes, separate from those of all other racks.
/// </summary>
internal sealed class PortRegistry : IDisposable
{
    private const int FirstRouterPort = 8480;
    private const int FirstServicePort = 20000;
    private const int LastServicePort = 29999;

    private readonly Lock _gate = new();
    private readonly PortReservations _reservations = new();
    private readonly ProcessPorts _processes;
    private readonly LocalHome _home;
    private KeptPorts _kept;

    /// <summary>Reserves the ports of a home.</summary>
    /// <param name="home">The home in which they are stored.</param>
    /// <param name="kept">The ports that it has already.</param>
    /// <param name="given">The port range of processes, if the user chose one.</param>
    public PortRegistry(LocalHome home, KeptPorts kept, PortRange? given = null)
    {
        _home = home;
        _kept = kept;
        _processes = new(_reservations, given, PortRange.Read(_kept.Processes));
        // If another rack has taken one meanwhile, the first to listen gets it, and the other reports a problem.
        foreach (var port in _kept.Services.Values.Append(_kept.Router)) _reservations.TryReserve(ReservationOf(port));
        var router = _kept.Router != 0 ? _kept.Router : Choose(Enumerable.Range(FirstRouterPort, 1000));
        if (_kept.Router != router || _kept.Processes != _processes.Block.ToString())
            Keep(_kept with { Router = router, Processes = _processes.Block.ToString() });
    }

    public int Router => _kept.Router;

    /// <summary>
    /// Returns the service's permanent port: when first assigned, the lowest one that is free and that no other service has.
    /// </summary>
    public int PortFor(ServiceKey service)
    {
        var name = Name(service);
        lock (_gate)
        {
            if (_kept.Services.TryGetValue(name, out var kept)) return kept;
            var given = _kept.Services.Values.ToHashSet();
            var port = Choose(Enumerable.Range(FirstServicePort, LastServicePort - FirstServicePort + 1).Where(p => !given.Contains(p)));
            Keep(_kept with { Services = new(_kept.Services) { [name] = port } });
            return port;
        }
    }

    /// <summary>Returns the service's permanent port, or null if it has none yet.</summary>
    public int? Find(ServiceKey service)
    {
        lock (_gate) return _kept.Services.TryGetValue(Name(service), out var kept) ? kept : null;
    }

    /// <summary>Returns the permanent ports of an app's services.</summary>
    public IReadOnlyList<int> Of(AppName app)
    {
        lock (_gate) return [.. _kept.Services.Where(s => IsOf(app, s.Key)).Select(s => s.Value)];
    }

    /// <summary>Gives up the permanent ports of a deleted app. If it is created again, it gets others.</summary>
    public void Forget(AppName app)
    {
        lock (_gate)
        {
            var given = Of(app);
            if (given.Count == 0) return;
            Keep(_kept with { Services = new(_kept.Services.Where(s => !IsOf(app, s.Key)).ToDictionary()) });
            foreach (var port in given) _reservations.Release(ReservationOf(port));
        }
    }

    /// <summary>Rents a free port for a process, until it is returned.</summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.ProcessPorts"/>.</exception>
    public int Rent()
    {
        lock (_gate) return _processes.Rent();
    }

    public void Return(int port)
    {
        lock (_gate) _processes.Return(port);
    }

    public void Dispose() => _reservations.Dispose();

    internal static string ReservationOf(int port) => $"{port}";

    /// <summary>Determines whether no socket listens on this port at any address, and 127.0.0.1 can be bound.</summary>
    internal static bool IsFree(int port)
    {
        if (ListeningSocketTable.At(port).Count > 0) return false;
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException missing) when (missing.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw PortInUse.Explain(port, missing);
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    private static string Name(ServiceKey service) => $"{service.App}/{service.Service}";

    private static bool IsOf(AppName app, string name) => name.StartsWith($"{app}/", StringComparison.Ordinal);

    /// <summary>Returns the first port that is free and not reserved by another rack, and reserves it.</summary>
    private int Choose(IEnumerable<int> ports)
    {
        foreach (var port in ports)
        {
            if (!_reservations.TryReserve(ReservationOf(port))) continue;
            if (IsFree(port)) return port;
            _reservations.Release(ReservationOf(port));
        }

        throw new Problem(
            ProblemCode.ProcessPorts, "every port that a rack can use is taken.",
            "Stop the programs that use them; list them: ss -tlnp").ToException();
    }

    private void Keep(KeptPorts kept)
    {
        kept.Write(_home);
        _kept = kept;
    }
}
