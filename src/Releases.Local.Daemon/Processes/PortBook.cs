using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Releases.Local;

/// <summary>The ports that the router and each service keep for ever, and free ones for processes.</summary>
internal sealed class PortBook
{
    private const int FirstRouterPort = 8480;
    private const int FirstServicePort = 20000;
    private const int LastServicePort = 29999;
    private const int FirstProcessPort = 30000;
    private const int LastProcessPort = 32767;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _lent = [];
    private readonly string _file;
    private KeptPorts _kept;
    private int _next = FirstProcessPort;

    public PortBook(LocalHome home)
    {
        _file = home.Ports;
        _kept = File.Exists(_file) ? JsonSerializer.Deserialize(File.ReadAllBytes(_file), DaemonJson.Default.KeptPorts)! : new(0, []);
        if (_kept.Router == 0) Keep(_kept with { Router = Enumerable.Range(FirstRouterPort, 1000).First(IsFree) });
    }

    public int Router => _kept.Router;

    /// <summary>The service's own port: the lowest that no other service has, taken or not by another program at this moment.</summary>
    public int Of(ServiceKey service)
    {
        var name = Name(service);
        lock (_gate)
        {
            if (_kept.Services.TryGetValue(name, out var kept)) return kept;
            var given = _kept.Services.Values.ToHashSet();
            var port = Enumerable.Range(FirstServicePort, LastServicePort - FirstServicePort + 1).First(p => !given.Contains(p) && IsFree(p));
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
    public int Lend()
    {
        lock (_gate)
        {
            for (var tried = 0; tried <= LastProcessPort - FirstProcessPort; tried++)
            {
                var port = _next;
                _next = _next == LastProcessPort ? FirstProcessPort : _next + 1;
                if (IsFree(port) && _lent.Add(port)) return port;
            }
        }

        throw new Problem(
            ProblemCode.PortInUse, $"Every port from {FirstProcessPort} to {LastProcessPort} is in use, so no process can be started.", "End what uses them.").ToException();
    }

    public void GiveBack(int port)
    {
        lock (_gate) _lent.Remove(port);
    }

    private static string Name(ServiceKey service) => $"{service.App}/{service.Service}";

    private void Keep(KeptPorts kept)
    {
        var unfinished = _file + ".tmp";
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(kept, DaemonJson.Default.KeptPorts));
        File.Move(unfinished, _file, overwrite: true);
        _kept = kept;
    }

    private static bool IsFree(int port)
    {
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
}

/// <summary>What is kept in <c>ports.json</c>.</summary>
/// <param name="Router">The router's port.</param>
/// <param name="Services">Each service's, by <c>app/service</c>.</param>
internal sealed record KeptPorts(int Router, SortedDictionary<string, int> Services) : Extensible;
