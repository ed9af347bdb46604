using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>Represents the systemd user unit that starts a home's daemon at boot.</summary>
internal sealed class BootUnit(LocalHome home, string address, Func<string, string?> variable)
{
    /// <summary>The variables that the daemon and the services need from the user's shell, which a unit doesn't inherit.</summary>
    private static readonly string[] Carried = ["PATH", "LANG", "TZ", "DOTNET_ROOT", PortRange.Variable];

    private readonly Systemd _systemd = new(variable);

    private const string NameOfUsersHome = "convox.service";

    /// <summary>Gets the unit's name. Each home has its own; that of <c>~/.convox</c> is <c>convox.service</c>.</summary>
    public string Name => home == LocalHome.OfUser() ? NameOfUsersHome : NameOfFolder;

    private string NameOfFolder => $"convox-{Hash(home.Folder)}.service";

    private string UnitFile => FileOf(Name);

    /// <summary>
    /// Writes and enables the unit, and lets the user's services run without a login. If that fails or is cancelled, the unit that was
    /// there before is back, or none. Fails with <see cref="ProblemCode.NotSupported"/>.
    /// </summary>
    public async Task Install(ToolCommand tool, CancellationToken cancel)
    {
        var before = await Write(tool, cancel);
        string? why;
        try
        {
            why = await Enable(cancel);
        }
        catch (OperationCanceledException)
        {
            await PutBack(before);
            throw;
        }

        if (why is not null) throw Refused(why, $", and {await PutBack(before)}").ToException();
    }

    /// <summary>Determines whether systemd starts this home's daemon at boot.</summary>
    public async Task<bool> IsEnabled(CancellationToken cancel)
    {
        try
        {
            return File.Exists(UnitFile) && IsOfThisHome(await File.ReadAllTextAsync(UnitFile, cancel))
                && await _systemd.Control(cancel, "is-enabled", Name) is null;
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's, since this tool's can be read.
            return false;
        }
    }

    /// <summary>
    /// Starts the daemon as the unit's process, which systemd starts again if it fails. Returns why it can't, or null. Doesn't wait until
    /// the daemon answers.
    /// </summary>
    public async Task<string?> Start(ToolCommand tool, CancellationToken cancel)
    {
        if (variable(PortRange.Variable) is { } ports && Quoted($"{PortRange.Variable}={ports}") is var stated
            && !(await File.ReadAllTextAsync(UnitFile, cancel)).Contains(stated, StringComparison.Ordinal))
        {
            await Write(tool, cancel);
            if (await _systemd.Control(cancel, "daemon-reload") is { } notLoaded) return notLoaded;
        }

        return await _systemd.Control(cancel, "start", Name);
    }

    /// <summary>
    /// Ends the unit's process, and keeps systemd from starting it again before the next start. Returns why it can't, or null.
    /// </summary>
    public async Task<string?> Stop(CancellationToken cancel) =>
        await IsEnabled(cancel) ? await _systemd.Control(cancel, "stop", Name) : null;

    /// <summary>Determines whether a process is the unit's, so that systemd starts it again if it fails.</summary>
    public async Task<bool> Has(int process, CancellationToken cancel) =>
        (await _systemd.Properties(Name, "MainPID", cancel)).GetValueOrDefault("MainPID") == $"{process}";

    /// <summary>Returns the exit code of the unit's process, or null while it is running or being started.</summary>
    public async Task<int?> ExitCode(CancellationToken cancel)
    {
        var unit = await _systemd.Properties(Name, "ActiveState,SubState,ExecMainStatus", cancel);
        var hasExited = unit.GetValueOrDefault("ActiveState") is "inactive" or "failed"
            || unit.GetValueOrDefault("SubState") == "auto-restart";
        var status = unit.GetValueOrDefault("ExecMainStatus");
        return hasExited && int.TryParse(status, CultureInfo.InvariantCulture, out var code) ? code : null;
    }

    private bool IsOfThisHome(string unit) => unit.Contains($"\"__daemon\" {QuotedInCommand(home.Folder)} ", StringComparison.Ordinal);

    /// <summary>Writes the unit and returns the content of the one that was there before, or null.</summary>
    private async Task<byte[]?> Write(ToolCommand tool, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(UnitFile)!);
            var before = File.Exists(UnitFile) ? await File.ReadAllBytesAsync(UnitFile, cancel) : null;
            AtomicFile.Write(UnitFile, Encoding.UTF8.GetBytes(Text(tool)));
            return before;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused($"{UnitFile} can't be written: {FailureReason.OfFile(refused, UnitFile)}", "").ToException(refused);
        }
    }

    /// <summary>Returns why the unit can't be enabled, or null. One that wasn't enabled before isn't left enabled then.</summary>
    private async Task<string?> Enable(CancellationToken cancel)
    {
        if (await _systemd.Control(cancel, "daemon-reload") is { } notLoaded) return notLoaded;
        var wasEnabled = await _systemd.Control(cancel, "is-enabled", Name) is null;
        if (await _systemd.Control(cancel, "enable", Name) is { } notEnabled) return notEnabled;
        if ((await _systemd.EnableLinger(cancel) ?? await RemoveFormer(cancel)) is not { } refused) return null;
        return !wasEnabled && await _systemd.Control(cancel, "disable", Name) is { } notDisabled
            ? $"{refused}, and {notDisabled}"
            : refused;
    }

    /// <summary>Removes the home's unit of another name, which an earlier version gave it. Returns why it can't, or null.</summary>
    private async Task<string?> RemoveFormer(CancellationToken cancel)
    {
        var name = Name == NameOfUsersHome ? NameOfFolder : NameOfUsersHome;
        var file = FileOf(name);
        try
        {
            if (!File.Exists(file)) return null;
            if (!IsOfThisHome(await File.ReadAllTextAsync(file, cancel))) return null;
            if (await _systemd.Control(cancel, "disable", name) is { } kept) return kept;
            File.Delete(file);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"{file} can't be removed: {FailureReason.OfFile(refused, file)}";
        }
    }

    /// <summary>Puts back the unit that was there before, and returns what is there now, as the end of a sentence.</summary>
    private async Task<string> PutBack(byte[]? before)
    {
        try
        {
            if (before is null) File.Delete(UnitFile);
            else AtomicFile.Write(UnitFile, before);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"{UnitFile} can't be put back: {FailureReason.OfFile(refused, UnitFile)}";
        }

        // What keeps systemd from reading it again has been reported, or doesn't matter: it reads it with the next session.
        await _systemd.Control(CancellationToken.None, "daemon-reload");
        return before is null ? "no unit was installed" : "the unit that was there before is back";
    }

    private string FileOf(string name) => Path.Combine(
        variable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(variable("HOME") ?? "/", ".config"), "systemd",
        "user", name);

    private string Text(ToolCommand tool)
    {
        var command = DaemonProcess.Command(tool, home, address);
        var text = new StringBuilder();
        text.Append("[Unit]\n").Append("Description=Convox rack in ")
            .Append(home.Folder.Replace("%", "%%", StringComparison.Ordinal)).Append('\n');
        // A daemon that can't start now, such as on a full disk, is tried until it can.
        text.Append("StartLimitIntervalSec=0\n");
        text.Append("\n[Service]\n").Append("ExecStart=").AppendJoin(' ', command.Select(QuotedInCommand)).Append('\n');
        foreach (var name in Carried)
            if (variable(name) is { } value) text.Append("Environment=").Append(Quoted($"{name}={value}")).Append('\n');
        // From 5 seconds to 5 minutes; systemd before 254 stays at 5 seconds.
        text.Append("Restart=on-failure\n").Append("RestartSec=5\n").Append("RestartSteps=6\n").Append("RestartMaxDelaySec=300\n");
        text.Append("KillMode=mixed\n").Append("TimeoutStopSec=300\n");
        // By default, systemd stops the whole rack when one process of one service uses up the memory.
        text.Append("OOMPolicy=continue\n");
        return text.Append("\n[Install]\n").Append("WantedBy=default.target\n").ToString();
    }

    /// <summary>Quotes a text for a command line, which systemd also expands variables in.</summary>
    private static string QuotedInCommand(string text) => Quoted(text).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>Quotes a text for a unit file, with specifiers and quotes escaped.</summary>
    private static string Quoted(string text) => '"' + text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("%", "%%", StringComparison.Ordinal) + '"';

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    private static Problem Refused(string why, string unit) => new(
        ProblemCode.NotSupported, $"the rack can't start with this machine: {why}. It is running now{unit}.",
        why.StartsWith("loginctl", StringComparison.Ordinal)
            ? Remedy.FromString($"Run this as an administrator, then try again: loginctl enable-linger {Environment.UserName}")
            : Remedy.Do(Operation.StartRack, "Start it after each boot"));
}
