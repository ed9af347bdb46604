using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Releases.Local;

/// <summary>The ports that the router and each service keep, and free ones for processes, apart from those of every other rack.</summary>
internal sealed class PortRegistry : IDisposable
{
    private const int FirstRouterPort = 8480;
    private const int FirstServicePort = 20000;
    private const int LastServicePort = 29999;

    private readonly Lock _gate = new();
    private readonly PortReservations _reservations = new();
    private readonly ProcessPorts _processes;
    private readonly string _file;
    private KeptPorts _kept;

    /// <param name="home">Where they are kept.</param>
    /// <param name="given">The processes' ports, where they were chosen by a person.</param>
    public PortRegistry(LocalHome home, PortRange? given = null)
    {
        _file = home.Ports;
        _kept = File.Exists(_file) ? JsonSerializer.Deserialize(File.ReadAllBytes(_file), DaemonJson.Default.KeptPorts)! : new(0, []);
        _processes = new(_reservations, given, PortRange.Read(_kept.Processes));
        // Where another rack has taken one since, the first to listen has it, and the other reports a problem.
        foreach (var port in _kept.Services.Values.Append(_kept.Router)) _reservations.TryReserve(ReservationOf(port));
        var router = _kept.Router != 0 ? _kept.Router : Choose(Enumerable.Range(FirstRouterPort, 1000));
        if (_kept.Router != router || _kept.Processes != _processes.Block.ToString())
            Keep(_kept with { Router = router, Processes = _processes.Block.ToString() });
    }

    public int Router => _kept.Router;

    /// <summary>The service's own port: the lowest that no other service has and that is free when it is first given.</summary>
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

    /// <summary>The service's own port, where it has been given one.</summary>
    public int? Find(ServiceKey service)
    {
        lock (_gate) return _kept.Services.TryGetValue(Name(service), out var kept) ? kept : null;
    }

    /// <summary>A free port for one process, until it is given back.</summary>
    /// <exception cref="ProblemException"><see cref="ProblemCode.ProcessPorts"/>.</exception>
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

    /// <summary>Whether nothing listens at this port anywhere, and 127.0.0.1 can be listened at.</summary>
    internal static bool IsFree(int port)
    {
        if (ListeningSocketTable.At(port).Count > 0) return false;
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    private static string Name(ServiceKey service) => $"{service.App}/{service.Service}";

    /// <summary>The first one that no other rack has and that is free; from here on it is this one's.</summary>
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
        AtomicFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(kept, DaemonJson.Default.KeptPorts));
        _kept = kept;
    }
}

/// <summary>What is kept in <c>ports.json</c>.</summary>
/// <param name="Router">The router's port.</param>
/// <param name="Services">Each service's, by <c>app/service</c>.</param>
/// <param name="Processes">The ports of processes: <c>30000-30099</c>.</param>
internal sealed record KeptPorts(int Router, SortedDictionary<string, int> Services, string? Processes = null) : Extensible;
