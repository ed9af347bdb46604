namespace Releases;

/// <summary>Backs up all data of a rack to one file, and restores a rack from it.</summary>
public interface IRackBackup
{
    /// <summary>Writes a backup atomically; the rack may be in use. Fails with <see cref="ProblemCode.Backup"/>.</summary>
    /// <param name="rack">The address of the rack.</param>
    /// <param name="file">The absolute path of the file; an existing one is replaced.</param>
    /// <param name="withKey">Whether to include the key that decrypts its environments.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Cancels the backup.</param>
    Task<RackBackup> BackUp(RackAddress rack, string file, bool withKey, TimeProvider time, CancellationToken cancel);

    /// <summary>
    /// Restores the rack from a backup. The whole file is verified before anything is written, and the records are written last, in one
    /// write. Fails with <see cref="ProblemCode.Backup"/>.
    /// </summary>
    /// <param name="rack">The address of the rack.</param>
    /// <param name="file">The absolute path of the file.</param>
    /// <param name="replace">Whether to replace the rack's apps; otherwise, restoring to a rack with apps is refused.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Cancels the restore.</param>
    Task<RestoredRack> Restore(RackAddress rack, string file, bool replace, TimeProvider time, CancellationToken cancel);
}

/// <summary>Represents a backup that was written.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="TakenAt">The moment of the backup.</param>
/// <param name="Apps">The number of apps in it.</param>
/// <param name="Artifacts">The number of artifacts in it.</param>
/// <param name="Key">Whether it includes the key.</param>
/// <param name="Omitted">The artifacts that releases refer to and that aren't included.</param>
public sealed record RackBackup(string File, long Bytes, DateTimeOffset TakenAt, int Apps, int Artifacts, bool Key,
    IReadOnlyList<OmittedArtifact> Omitted);

/// <summary>Represents an artifact that isn't in a backup.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Why">Why it isn't, and what to do about it, as sentences that begin with what it is: <c>it is missing. …</c></param>
public sealed record OmittedArtifact(string Digest, string Why);

/// <summary>Represents a rack that was restored.</summary>
/// <param name="TakenAt">The moment of the backup.</param>
/// <param name="Apps">Its apps.</param>
/// <param name="Artifacts">The number of its artifacts.</param>
/// <param name="MissingKey">Where to put the key that its environments were sealed with, or null if they can be opened.</param>
/// <param name="DamagedDatabase">Where the damaged database is that it replaced, or null if there was none.</param>
public sealed record RestoredRack(
    DateTimeOffset TakenAt, IReadOnlyList<AppName> Apps, int Artifacts, string? MissingKey, string? DamagedDatabase = null);
