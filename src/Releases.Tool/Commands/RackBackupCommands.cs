using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rack backup</c> and <c>rack restore</c>: save and restore all data of a local rack, in one file.</summary>
internal static class RackBackupCommands
{
    public static IEnumerable<Command> Create(ToolHost host)
    {
        var file = new Argument<string>("file") { Description = "File to write" };
        var withKey = new Option<bool>("--with-key") { Description = "Include the key that opens environments" };
        yield return new Command("backup", "Back up the local rack to a file") { file, withKey }
            .Example("dotnet convox rack backup convox.backup", "while it runs")
            .Example("dotnet convox rack backup convox.backup --with-key", "for another machine; keep the file as safe as the key")
            .SetHandler(host, (call, cancel) => BackUp(call, call.Value(file)!, call.Value(withKey), cancel));

        var from = new Argument<string>("file") { Description = "File that rack backup wrote" };
        var replace = new Option<bool>("--replace") { Description = "Replace the apps that the rack has" };
        yield return new Command("restore", "Restore the local rack from a backup") { from, replace }
            .Example("dotnet convox rack restore convox.backup", "into an empty rack")
            .Example("dotnet convox rack restore convox.backup --rack local:/srv/convox", "into another folder")
            .SetHandler(host, (call, cancel) => Restore(call, call.Value(from)!, call.Value(replace), cancel));
    }

    private static async Task BackUp(Invocation call, string file, bool withKey, CancellationToken cancel)
    {
        var (address, path) = (call.RackAddress, FilePath.Of(call, file));
        var written = await Backup(address).BackUp(address, path, withKey, call.Time, cancel);
        if (call.Json)
            OutputJson.Write(
                call.Terminal.Out,
                new(written.File, written.Bytes, written.TakenAt, written.Apps, written.Artifacts, written.Key,
                    [.. written.Omitted.Select(o => o.Digest)]),
                OutputJson.Indented.BackupView);
        else
            call.Terminal.Out.WriteLine(
                $"Backed up {Quantity.Text(written.Apps, "app")} and {Quantity.Text(written.Artifacts, "artifact")} "
                + $"to {SafeText.Line(written.File)} ({UnitFormat.Bytes(written.Bytes)})");
        foreach (var (digest, why) in written.Omitted)
            call.Terminal.Say($"warning: artifact {digest[..19]}… isn't in the backup: {SafeText.Line(why)}");
        call.Terminal.Say((written.Key, withKey) switch
        {
            (true, _) => "The vault key is in the file. Whoever has it can read every environment.",
            (false, true) => "There is no vault key to include: no environment and no hook was stored yet.",
            _ => "The vault key isn't in the file. Keep a copy of it, or pass --with-key.",
        });
    }

    private static async Task Restore(Invocation call, string file, bool replace, CancellationToken cancel)
    {
        var (address, path) = (call.RackAddress, FilePath.Of(call, file));
        var restored = await Backup(address).Restore(address, path, replace, call.Time, cancel);
        if (call.Json)
            OutputJson.Write(
                call.Terminal.Out,
                new(restored.TakenAt, [.. restored.Apps.Select(a => a.ToString())], restored.Artifacts, restored.MissingKey),
                OutputJson.Indented.RestoreView);
        else
            call.Terminal.Out.WriteLine(
                $"Restored {Quantity.Text(restored.Apps.Count, "app")} and {Quantity.Text(restored.Artifacts, "artifact")} "
                + $"of {restored.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        if (restored.DamagedDatabase is { } kept)
            call.Terminal.Say($"The damaged database was kept as {SafeText.Line(kept)}.");
        if (restored.MissingKey is { } key)
            call.Terminal.Say(
                "warning: the vault key isn't in the backup, so environments and hooks can't be opened, and releases with an environment "
                + $"can't be promoted. Copy the key file of the original rack to {SafeText.Line(key)}, with mode 0600.");
        call.Say("", Remedy.Do(Operation.StartRack, "Start the rack"));
    }

    private static IRackBackup Backup(RackAddress address) => address.Kind.Backup
        ?? throw new Problem(
            ProblemCode.NotSupported, $"rack {address} isn't backed up to a file. {address.Kind.BackupElsewhere}".TrimEnd(),
            "Pass --rack local.", ProblemKind.Usage).ToException();
}
