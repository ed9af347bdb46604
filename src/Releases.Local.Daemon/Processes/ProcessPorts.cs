namespace Releases.Local;

/// <summary>
/// Assigns ports to processes: from a block that no other rack of the machine has while this one is running, and from further blocks when
/// all of it is in use. Ports are assigned in turn, so that a port isn't reused soon.
/// </summary>
internal sealed class ProcessPorts
{
    private const int First = 30000;
    private const int Last = 32767;
    private const int BlockSize = 100;

    private readonly PortReservations _reservations;
    private readonly HashSet<int> _rented = [];
    private readonly List<int> _ports = [];
    private readonly bool _chosen;
    private int _next;

    /// <param name="reservations">The rack's reservations.</param>
    /// <param name="given">The only block to use, if the user chose one.</param>
    /// <param name="kept">The block that the rack used before.</param>
    public ProcessPorts(PortReservations reservations, PortRange? given, PortRange? kept)
    {
        _reservations = reservations;
        _chosen = given is not null;
        Block = given ?? (kept is { } had && Take(had) ? had : Another() ?? throw Exhausted(new(First, Last)));
        Add(Block);
    }

    public PortRange Block { get; }

    public int Rent()
    {
        if (TryRent() is { } port) return port;
        while (!_chosen && Another() is { } block)
        {
            _next = _ports.Count;
            Add(block);
            if (TryRent() is { } more) return more;
        }

        throw Exhausted(_chosen ? Block : new(First, Last));
    }

    public void Return(int port)
    {
        if (_rented.Remove(port)) _reservations.Release(PortRegistry.ReservationOf(port));
    }

    private int? TryRent()
    {
        for (var tried = 0; tried < _ports.Count; tried++)
        {
            var port = _ports[_next++ % _ports.Count];
            // Racks with ports chosen by users may share them.
            if (_rented.Contains(port) || !_reservations.TryReserve(PortRegistry.ReservationOf(port))) continue;
            if (PortRegistry.IsFree(port) && _rented.Add(port)) return port;
            _reservations.Release(PortRegistry.ReservationOf(port));
        }

        return null;
    }

    private void Add(PortRange block) => _ports.AddRange(Enumerable.Range(block.First, block.Last - block.First + 1));

    private bool Take(PortRange block) => _reservations.TryReserve(block.ToString());

    /// <summary>Reserves and returns the first block that no rack has, or null if there is none.</summary>
    private PortRange? Another()
    {
        for (var first = First; first <= Last; first += BlockSize)
        {
            var block = new PortRange(first, Math.Min(first + BlockSize - 1, Last));
            if (!_ports.Contains(first) && Take(block)) return block;
        }

        return null;
    }

    private static ProblemException Exhausted(PortRange all) => new Problem(
        ProblemCode.ProcessPorts,
        $"every port from {all.First} to {all.Last} is in use, so no process can start. Running processes aren't affected.",
        $"Stop the programs that use them, or give the rack others: {PortRange.Variable}=<first>-<last> dotnet convox rack restart")
        .ToException();
}
