using System.Text.Json;

namespace Releases.Local;

/// <summary>Describes the problems of backup and restore.</summary>
internal static class BackupProblems
{
    private static readonly Remedy OtherFolder = Remedy.Pass(OperationOption.Rack, "Restore into another folder", "local:<folder>");

    /// <summary>Returns the problem of a failure to write a backup, or null if it is a bug.</summary>
    public static Problem? Writing(Exception failure, string file) => failure switch
    {
        InvalidDataException changed => new(
            ProblemCode.Backup, $"an artifact changed while it was read: {changed.Message}. No backup was written.",
            "Run the command again."),
        ProblemException full when full.Is(ProblemCode.DiskFull) => NoRoom(file),
        IOException when DiskProblems.From(failure, file) is { Code: ProblemCode.DiskFull } => NoRoom(file),
        IOException or UnauthorizedAccessException => NotWritten(FileTarget.Failed(failure, file)),
        _ => null,
    };

    /// <summary>Returns the problem of a failure to read a backup, or null if it is a bug.</summary>
    public static Problem? Reading(Exception failure, string file) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(ProblemCode.Backup, $"there is no file '{file}'.", "Check the path."),
        InvalidDataException or EndOfStreamException or JsonException or FormatException => new(
            ProblemCode.Backup,
            $"'{file}' isn't a whole backup: {FailureReason.OfContent(failure)}.",
            "Get it again from where it was copied, or restore another backup.", Unchanged: Problem.NothingWasRestored),
        IOException or UnauthorizedAccessException => new(
            ProblemCode.Backup, $"'{file}' can't be read: {FailureReason.OfFile(failure, file)}.",
            Directory.Exists(file) ? "Name a file in it." : "Choose a file that this user can read.",
            Unchanged: Problem.NothingWasRestored),
        _ => null,
    };

    private static Problem NoRoom(string file) => new(
        ProblemCode.DiskFull, $"the disk under '{file}' is full. No backup was written; the rack isn't affected.",
        "Free some space, or choose a file on another disk.");

    public static Problem NoRack(LocalHome home) => new(
        ProblemCode.Backup, $"there is no rack in '{home.Folder}', so there is nothing to back up.",
        "Choose another home (CONVOX_HOME or --rack local:<folder>).");

    /// <summary>Returns the problem that the file can't be written.</summary>
    public static Problem NotWritten(FileTarget target) => new(
        ProblemCode.Backup, $"{target.Message} No backup was written.", $"{target.Remedy}.");

    public static Problem KeyLost(LocalHome home) => new(
        ProblemCode.Vault, $"the key of the vault, '{home.VaultKey}', is missing, so it can't be in the backup. No backup was written.",
        Remedy.FromString("Restore the key file.").Or(Remedy.LeaveOut(OperationOption.WithKey, "Back up without it")));

    public static Problem DaemonRuns(LocalHome home) => new(
        ProblemCode.Backup, $"the rack in '{home.Folder}' is running or being restored.",
        Remedy.Do(Operation.StopRack, "Stop it"), Unchanged: Problem.NothingWasRestored);

    public static Problem IsDamaged(LocalHome home) => new(
        ProblemCode.Backup,
        $"the database of the rack in '{home.Folder}' is damaged, and a restore would replace it.",
        OtherFolder.Or(Remedy.Pass(OperationOption.Replace, "Replace it")), Unchanged: Problem.NothingWasRestored);

    public static Problem HasApps(LocalHome home, IReadOnlyList<AppName> apps) => new(
        ProblemCode.Backup,
        $"the rack in '{home.Folder}' has apps ({string.Join(", ", apps)}), which a restore would delete.",
        OtherFolder.Or(Remedy.Pass(OperationOption.Replace, "Delete them")), Unchanged: Problem.NothingWasRestored);

    public static Problem OtherKey(LocalHome home) => new(
        ProblemCode.Backup,
        $"the rack in '{home.Folder}' has another vault key than the backup, and environments that only that key opens.",
        OtherFolder, Unchanged: Problem.NothingWasRestored);
}
