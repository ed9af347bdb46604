using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>Represents the systemd user unit that starts a home's daemon at boot.</summary>
internal sealed class BootUnit(LocalHome home, string address, Func<string, string?> variable)
{
    /// <summary>The variables that the daemon and the services need from the user's shell, which a unit doesn't inherit.</summary>
    private static readonly string[] Carried = ["PATH", "LANG", "TZ", "DOTNET_ROOT"];

    /// <summary>Gets the unit's name. Each home has its own; that of the default home is <c>convox.service</c>.</summary>
    public string Name => address == "local" ? "convox.service" : $"convox-{Hash(home.Folder)}.service";

    /// <summary>
    /// Writes and enables the unit, and lets the user's services run without a login. Fails with <see cref="ProblemCode.NotSupported"/>.
    /// </summary>
    public async Task Install(ToolCommand tool, CancellationToken cancel)
    {
        var folder = Path.Combine(
            variable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(variable("HOME") ?? "/", ".config"), "systemd",
            "user");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, Name), Text(tool), cancel);
        await Run("systemctl", ["--user", "daemon-reload"], cancel);
        await Run("systemctl", ["--user", "enable", Name], cancel);
        await Run("loginctl", ["enable-linger"], cancel);
    }

    private string Text(ToolCommand tool)
    {
        string[] command = [tool.Program, .. tool.Arguments, "__daemon", home.Folder, address];
        var text = new StringBuilder();
        text.Append("[Unit]\n").Append("Description=Convox rack in ")
            .Append(home.Folder.Replace("%", "%%", StringComparison.Ordinal)).Append('\n');
        text.Append("\n[Service]\n").Append("ExecStart=").AppendJoin(' ', command.Select(QuotedInCommand)).Append('\n');
        foreach (var name in Carried)
            if (variable(name) is { } value) text.Append("Environment=").Append(Quoted($"{name}={value}")).Append('\n');
        text.Append("Restart=on-failure\n").Append("KillMode=mixed\n").Append("TimeoutStopSec=300\n");
        return text.Append("\n[Install]\n").Append("WantedBy=default.target\n").ToString();
    }

    /// <summary>Quotes a text for a command line, which systemd also expands variables in.</summary>
    private static string QuotedInCommand(string text) => Quoted(text).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>Quotes a text for a unit file, with specifiers and quotes escaped.</summary>
    private static string Quoted(string text) => '"' + text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("%", "%%", StringComparison.Ordinal) + '"';

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    private static async Task Run(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = await process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0)
                throw Refused($"{program} {string.Join(' ', arguments)} exited with code {process.ExitCode}: {error.Trim()}").ToException();
        }
        catch (Win32Exception missing)
        {
            throw Refused($"there is no {program} here").ToException(missing);
        }
    }

    private static Problem Refused(string why) => new(
        ProblemCode.NotSupported, $"the rack can't start with this machine: {why}. It is running now.",
        Remedy.Do(Operation.StartRack, "Start it after each boot"));
}
