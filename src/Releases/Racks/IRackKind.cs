namespace Releases;

/// <summary>
/// A kind of rack: how its addresses read, and what opens one. What only some kinds can do is a capability that the others lack
/// (<see cref="Setup"/>, <see cref="Rack.Daemon"/>), so that nobody asks which kind it is.
/// </summary>
public interface IRackKind
{
    /// <summary>What output calls it: <c>local</c>, <c>aws</c>.</summary>
    string Name { get; }

    /// <summary>The forms of its addresses, for people: <c>local:&lt;folder&gt;</c>.</summary>
    IReadOnlyList<string> AddressForms { get; }

    /// <summary>Whether its artifacts are container images; else they are publish folders.</summary>
    bool StoresImages { get; }

    /// <summary>Makes and checks what a rack of this kind stands on; null: it stands on nothing.</summary>
    IRackSetup? Setup { get; }

    /// <summary>Backs racks of this kind up to a file; null: what they stand on has backups of its own.</summary>
    IRackBackup? Backup { get; }

    /// <summary>Reads an address; null if it is not one of this kind.</summary>
    /// <param name="text">The address.</param>
    /// <param name="currentFolder">What a relative folder is relative to.</param>
    RackAddress? TryParse(string text, string currentFolder);

    /// <summary>Opens a rack. Fails with <see cref="ProblemCode.NoRack"/> or what keeps it from being opened.</summary>
    /// <param name="address">An address of this kind.</param>
    /// <param name="time">The clock.</param>
    /// <param name="note">Takes a line on trouble with driving a promotion.</param>
    /// <param name="cancel">Ends the opening.</param>
    Task<Rack> Open(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel);
}
