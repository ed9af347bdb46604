namespace Releases;

/// <summary>Writes everything that a rack remembers into one file, and makes a rack of one.</summary>
public interface IRackBackup
{
    /// <summary>
    /// Writes a backup; the rack may be in use. The file is there whole or not at all. Fails with <see cref="ProblemCode.Backup"/>.
    /// </summary>
    /// <param name="rack">The rack.</param>
    /// <param name="file">The file, absolute; one that is there is replaced.</param>
    /// <param name="withKey">Whether the key that opens its environments is in it, too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends it.</param>
    Task<RackBackup> BackUp(RackAddress rack, string file, bool withKey, TimeProvider time, CancellationToken cancel);

    /// <summary>
    /// Makes the rack what a backup has. All of the file is verified before anything is put in place, and the records come last, in one
    /// write. Fails with <see cref="ProblemCode.Backup"/>.
    /// </summary>
    /// <param name="rack">The rack.</param>
    /// <param name="file">The file, absolute.</param>
    /// <param name="replace">Whether the apps that the rack has are replaced; else a rack with apps is refused.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends it.</param>
    Task<RestoredRack> Restore(RackAddress rack, string file, bool replace, TimeProvider time, CancellationToken cancel);
}

/// <summary>A backup that was written.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="TakenAt">The moment that it is of.</param>
/// <param name="Apps">How many apps are in it.</param>
/// <param name="Artifacts">How many artifacts are in it.</param>
/// <param name="Key">Whether the key is in it.</param>
/// <param name="Damaged">The digests of artifacts that releases name and that aren't in it, because they are missing or damaged.</param>
public sealed record RackBackup(string File, long Bytes, DateTimeOffset TakenAt, int Apps, int Artifacts, bool Key,
    IReadOnlyList<string> Damaged);

/// <summary>A rack that was restored.</summary>
/// <param name="TakenAt">The moment that it is of.</param>
/// <param name="Apps">Its apps.</param>
/// <param name="Artifacts">How many artifacts it has.</param>
/// <param name="MissingKey">Where the key has to be put that its environments were sealed with; null: they can be opened.</param>
public sealed record RestoredRack(DateTimeOffset TakenAt, IReadOnlyList<AppName> Apps, int Artifacts, string? MissingKey);
