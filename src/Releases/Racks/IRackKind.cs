namespace Releases;

/// <summary>
/// Represents a kind of rack: how its addresses are parsed, and how a rack is opened. What only some kinds can do is a capability that the
/// others lack (<see cref="Setup"/>, <see cref="Rack.Daemon"/>), so that callers never check which kind it is.
/// </summary>
public interface IRackKind
{
    /// <summary>Its name in output: <c>local</c>, <c>aws</c>.</summary>
    string Name { get; }

    /// <summary>The forms of its addresses, for display: <c>local:&lt;folder&gt;</c>.</summary>
    IReadOnlyList<string> AddressForms { get; }

    /// <summary>The kind of artifacts that its racks store, which is known before one is opened.</summary>
    ArtifactKind ArtifactKind { get; }

    /// <summary>Creates and checks the resources that a rack of this kind requires, or null if it requires none.</summary>
    IRackSetup? Setup { get; }

    /// <summary>
    /// Returns the daemon of a rack, or null if racks of this kind have none. It needs nothing of the rack but its place, so it can be
    /// stopped also if the rack can't be opened.
    /// </summary>
    IRackDaemon? Daemon(RackAddress address, TimeProvider time) => null;

    /// <summary>Backs up racks of this kind to a file, or null if their infrastructure has its own backups.</summary>
    IRackBackup? Backup { get; }

    /// <summary>What backs racks of this kind up if not a file, as a sentence; null if nothing does.</summary>
    string? BackupElsewhere => null;

    /// <summary>Determines whether a rack that couldn't be opened may soon be, for an agent that starts with its machine.</summary>
    bool MayOpenLater(ProblemException failure) => failure.IsTransient;

    /// <summary>Parses an address; returns null if it isn't one of this kind.</summary>
    /// <param name="text">The address.</param>
    /// <param name="currentFolder">The folder that relative folders are relative to.</param>
    RackAddress? TryParse(string text, string currentFolder);

    /// <summary>Opens a rack. Fails with <see cref="ProblemCode.NoRack"/>, or with the problem that prevents it.</summary>
    /// <param name="address">An address of this kind.</param>
    /// <param name="time">The clock.</param>
    /// <param name="note">Receives a line when there is trouble with driving a promotion.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task<Rack> Open(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel);

    /// <summary>Opens a rack for a command that only reads, which doesn't create the rack if there is none.</summary>
    /// <param name="address">An address of this kind.</param>
    /// <param name="time">The clock.</param>
    /// <param name="note">As for <see cref="Open"/>.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task<Rack> OpenToRead(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel) =>
        Open(address, time, note, cancel);
}
