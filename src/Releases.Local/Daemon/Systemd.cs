using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Local;

/// <summary>Runs the commands of the user's systemd.</summary>
internal sealed class Systemd(Func<string, string?> variable)
{
    private const string RuntimeFolder = "XDG_RUNTIME_DIR";

    /// <summary>Runs a command of the user's service manager. Returns why it failed, or null.</summary>
    public async Task<string?> Control(CancellationToken cancel, params string[] arguments) =>
        (await Run("systemctl", ["--user", .. arguments], cancel)).Failure;

    /// <summary>Returns properties of a unit, such as <c>ActiveState</c>; none if they can't be read.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Properties(string unit, string names, CancellationToken cancel) =>
        (await Run("systemctl", ["--user", "show", unit, $"--property={names}"], cancel)).Output
            .Split('\n', StringSplitOptions.TrimEntries).Select(l => l.Split('=', 2)).Where(l => l.Length == 2)
            .ToDictionary(l => l[0], l => l[1]);

    /// <summary>
    /// Lets the user's services run without a login, which only an administrator may where polkit isn't installed. Returns why it can't, or
    /// null.
    /// </summary>
    public async Task<string?> EnableLinger(CancellationToken cancel)
    {
        var (_, lingers) = await Run("loginctl", ["show-user", Environment.UserName, "--property=Linger"], cancel);
        return lingers.Trim() == "Linger=yes" ? null : (await Run("loginctl", ["enable-linger"], cancel)).Failure;
    }

    private async Task<(string? Failure, string Output)> Run(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        // A session of cron or su doesn't have it.
        if (variable(RuntimeFolder) is null or "" && OperatingSystem.IsLinux())
            start.Environment[RuntimeFolder] = $"/run/user/{NativeUser.geteuid()}";
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = await process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode == 0 ? null
                : $"{program} {string.Join(' ', arguments)} exited with code {process.ExitCode}: {error.Trim()}", await output);
        }
        catch (Win32Exception missing)
        {
            return ($"{program} can't be started: {FailureReason.OfProgram(missing)}", "");
        }
    }
}
